import { parseArgs } from 'node:util'
import type { EngineName } from '../../src/database/engines/engine.ts'

/** What one measurement consists of: its median is what counts. */
export interface Plan {
  runs: number
  seconds: number
  warmUpSeconds: number
}

export interface Options {
  agreements: number
  changes: number
  seed: number
  engines: EngineName[]
  plan: Plan
}

/** Three positions and three claims an agreement, and an edit of every other one. */
const CHANGES_PER_AGREEMENT = 7.2
const FEWEST = 1_000
const MOST = 1_000_000

/** Reads the command line: `--agreements N`, `--engine sqlite|postgres|both`, `--quick`. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      agreements: { type: 'string', default: '100000' },
      engine: { type: 'string', default: 'both' },
      quick: { type: 'boolean', default: false },
    },
  })
  const agreements = Number(values.agreements)
  if (!Number.isSafeInteger(agreements) || agreements < FEWEST || agreements > MOST)
    throw new Error(`--agreements must be a whole number from ${FEWEST} to ${MOST}`)
  const engines = { sqlite: ['sqlite'], postgres: ['postgres'], both: ['sqlite', 'postgres'] }[values.engine]
  if (!engines) throw new Error('--engine must be sqlite, postgres or both')
  return {
    agreements,
    engines: engines as EngineName[],
    changes: Math.round(agreements * CHANGES_PER_AGREEMENT),
    seed: 1,
    plan: values.quick ? { runs: 1, seconds: 2, warmUpSeconds: 1 } : { runs: 3, seconds: 8, warmUpSeconds: 2 },
  }
}
