import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { Database } from './database/database.ts'
import type { Answers } from './database/answers.ts'
import type { Limits } from './limits.ts'
import type { Actor } from './database/unit.ts'
import type { Clock } from './time/clock.ts'

/** What a guess at a password costs: Argon2's passes, and its memory in KiB (RFC 9106, section 3.1). */
export interface PasswordCost {
  timeCost: number
  memoryCost: number
}

/** What the program works with, built once by `src/server/open.ts`; everything else is given it as an argument. */
export interface AppContext {
  readonly config: Config
  readonly clock: Clock
  readonly log: Logger
  readonly db: Database
  readonly answers: Answers
  /** The account that the program's own entries are attributed to. */
  readonly system: Actor
  /** What a password costs to hash, and to guess. */
  readonly passwordCost: PasswordCost
  /** What a request may take. */
  readonly limits: Limits
  /** Signs cookies. */
  readonly secret: string
  /** True when this start made the database. */
  readonly isNew: boolean
}
