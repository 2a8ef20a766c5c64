import type { Clock } from '../time/clock.ts'
import { AppError } from '../errors.ts'
import { explainDoubt } from '../time/doubt.ts'
import { dayIn } from '../time/zone.ts'
import { doubtedClock } from './believed.ts'
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
  /** The present day by the machine's clock, in the register's time zone, whatever the newest change is stamped with: days of effect are judged by it. */
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

/**
 * Runs `work` as one unit: all of it is recorded, or nothing.
 * @throws AppError `clock` when the machine's clock is not believed.
 */
export async function inUnit<T>(context: UnitContext, actor: Actor, work: (unit: Unit) => Promise<T>): Promise<T> {
  return context.db.transaction(async (trx) => {
    const newest = await trx
      .selectFrom('changes')
      .select(['id', 'hash', 'recorded_at'])
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst()
    const { id, hash, recorded_at } = newest ?? BEFORE_THE_FIRST
    const doubt = await doubtedClock(trx, context.clock, newest?.recorded_at ?? null)
    if (doubt) throw new AppError('clock', explainDoubt(doubt))
    const now = context.clock.now()
    const at = now.toISOString() > recorded_at ? now.toISOString() : recorded_at
    return work({ trx, actor: actor.id, at, today: dayIn(context.clock.zone, now), head: { id, hash } })
  })
}
