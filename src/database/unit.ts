import type { Clock } from '../time/clock.ts'
import { instant } from '../time/clock.ts'
import type { Database } from './database.ts'
import type { Trx } from './schema.ts'

/** Who acts on the register, by the number of their account. */
export interface Actor {
  readonly id: number
}

/**
 * One unit of work: a transaction, who acts in it, and the clock read once. Everything that writes to the register
 * takes a unit and nothing else that can query.
 */
export interface Unit {
  readonly trx: Trx
  /** The number of the account that acts. */
  readonly actor: number
  /** When it is recorded; never before the newest change, even if the machine's clock was put back. */
  readonly at: string
  /** The day of `at`. */
  readonly today: string
  /** The newest entry of the history; `recordChange` moves it on. */
  head: { id: number; hash: string }
}

/** What a unit needs to begin. */
export interface UnitContext {
  db: Database
  clock: Clock
}

/** What the first change is chained to. */
export const BEFORE_THE_FIRST = { id: 0, hash: '0'.repeat(64), recorded_at: '' }

/** Runs `work` as one unit: all of it is recorded, or nothing. */
export async function inUnit<T>(context: UnitContext, actor: Actor, work: (unit: Unit) => Promise<T>): Promise<T> {
  return context.db.transaction(async (trx) => {
    const newest = await trx
      .selectFrom('changes')
      .select(['id', 'hash', 'recorded_at'])
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    const { id, hash, recorded_at } = newest ?? BEFORE_THE_FIRST
    const now = instant(context.clock)
    const at = now > recorded_at ? now : recorded_at
    return work({ trx, actor: actor.id, at, today: at.slice(0, 10), head: { id, hash } })
  })
}
