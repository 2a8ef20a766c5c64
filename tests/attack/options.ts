import { parseArgs } from 'node:util'
import type { EngineName } from '../../src/database/engines/engine.ts'

export interface Options {
  engines: EngineName[]
  agreements: number
  gets: number
  forms: number
  seed: number
}

/** Reads the command line: `--engine sqlite|postgres|both`, `--agreements N`, `--gets N`, `--forms N`, `--seed N`. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      engine: { type: 'string', default: 'both' },
      agreements: { type: 'string', default: '20000' },
      gets: { type: 'string', default: '20000' },
      forms: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
    },
  })
  const engines = { sqlite: ['sqlite'], postgres: ['postgres'], both: ['sqlite', 'postgres'] }[values.engine]
  if (!engines) throw new Error('--engine must be sqlite, postgres or both')
  const number = (name: 'agreements' | 'gets' | 'forms' | 'seed', least: number): number => {
    const value = Number(values[name])
    if (!Number.isSafeInteger(value) || value < least || value > 1_000_000)
      throw new Error(`--${name} must be a whole number from ${least} to 1000000`)
    return value
  }
  return {
    engines: engines as EngineName[],
    agreements: number('agreements', 100),
    gets: number('gets', 0),
    forms: number('forms', 0),
    seed: number('seed', 0),
  }
}
