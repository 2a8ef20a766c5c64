import type { EngineName } from '../../src/database/engines/engine.ts'
import type { Target } from '../bench/engines.ts'

/** What a fault is done to, and with. */
export interface Scene {
  target: Target
  /** A folder of this run's own. */
  folder: string
  kills: number
  say(line: string): void
}

/** What was found: in words and figures, as `docs/reliability.md` has it; and whether it is what the product promises. */
export interface Found {
  saw: string
  holds: boolean
}

/** Something that goes wrong outside the program. */
export interface Fault {
  what: string
  promised: string
  engines: readonly EngineName[]
  cause(scene: Scene): Promise<Found>
}
