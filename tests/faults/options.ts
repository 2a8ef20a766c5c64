import { parseArgs } from 'node:util'
import type { EngineName } from '../../src/database/engines/engine.ts'

export interface Options {
  engines: EngineName[]
  /** How often the server is killed. */
  kills: number
  agreements: number
}

/** Reads the command line: `--engine sqlite|postgres|both`, `--kills N`, `--agreements N`. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      engine: { type: 'string', default: 'both' },
      kills: { type: 'string', default: '300' },
      agreements: { type: 'string', default: '3000' },
    },
  })
  const engines = { sqlite: ['sqlite'], postgres: ['postgres'], both: ['sqlite', 'postgres'] }[values.engine]
  if (!engines) throw new Error('--engine must be sqlite, postgres or both')
  return {
    engines: engines as EngineName[],
    kills: whole('--kills', values.kills, 1, 10_000),
    agreements: whole('--agreements', values.agreements, 1_000, 1_000_000),
  }
}

function whole(option: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < least || number > most)
    throw new Error(`${option} must be a whole number from ${least} to ${most}`)
  return number
}
