import type { Logger } from 'pino'
import type { PasswordCost } from './accounts/password.ts'
import type { User } from './accounts/user.ts'
import type { Config } from './config.ts'
import type { Database } from './database/database.ts'
import type { Kept } from './database/kept.ts'
import type { Clock } from './time/clock.ts'

/** What the program works with; everything else is given it as an argument. */
export interface AppContext {
  readonly config: Config
  readonly clock: Clock
  readonly log: Logger
  readonly db: Database
  readonly kept: Kept
  /** The account that the program's own entries are attributed to. */
  readonly system: User
  /** What a password costs to hash, and to guess. */
  readonly passwordCost: PasswordCost
  /** Signs cookies. */
  readonly secret: string
  /** True when this start made the database. */
  readonly isNew: boolean
}
