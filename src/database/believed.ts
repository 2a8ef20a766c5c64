import { type Clock, instant } from '../time/clock.ts'
import type { Doubt } from '../time/doubt.ts'
import type { Database } from './database.ts'
import type { Reader } from './schema.ts'

/** The setting that holds what the clock said when somebody last said that it is right. */
const CLOCK_ACCEPTED = 'clock_accepted'

/**
 * Why the clock is not believed, by the newest change and by what was accepted; undefined where it is.
 * @param newest when the newest change was recorded, null before the first
 */
export async function doubtedClock(db: Reader, clock: Clock, newest: string | null): Promise<Doubt | undefined> {
  // Seldom in doubt: what was accepted is read only then.
  if (!clock.doubt({ newest, accepted: null })) return undefined
  const row = await db.selectFrom('settings').select('value').where('key', '=', CLOCK_ACCEPTED).executeTakeFirst()
  return clock.doubt({ newest, accepted: row?.value ?? null })
}

/** Keeps that the machine's clock is right as it is: changes are recorded again. Answers with what it says. */
export async function acceptClock({ db, clock }: { db: Database; clock: Clock }): Promise<string> {
  const value = instant(clock)
  await db.transaction((trx) =>
    trx
      .insertInto('settings')
      .values({ key: CLOCK_ACCEPTED, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
      .execute(),
  )
  return value
}
