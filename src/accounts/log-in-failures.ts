import { createHash } from 'node:crypto'
import type { IncrementResponse, Store } from 'express-rate-limit'
import { sql } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Clock } from '../time/clock.ts'

/** Keeps attempts to log in in the register's own database, so that every process counts those of all. */
export class LogInFailures implements Store {
  readonly localKeys = false
  readonly prefix: string
  readonly #db: Database
  readonly #clock: Pick<Clock, 'now'>
  readonly #milliseconds: number

  /** @param prefix tells apart what is counted for one limit and for another */
  constructor(db: Database, clock: Pick<Clock, 'now'>, { prefix, minutes }: { prefix: string; minutes: number }) {
    this.#db = db
    this.#clock = clock
    this.prefix = prefix
    this.#milliseconds = minutes * 60_000
  }

  async increment(key: string): Promise<IncrementResponse> {
    const now = this.#clock.now()
    const expires_at = new Date(now.getTime() + this.#milliseconds).toISOString()
    const row = await this.#db.transaction(async (trx) => {
      await trx.deleteFrom('log_in_failures').where('expires_at', '<=', now.toISOString()).execute()
      return trx
        .insertInto('log_in_failures')
        .values({ key: this.#hash(key), failures: 1, expires_at })
        .onConflict((conflict) =>
          conflict.column('key').doUpdateSet({ failures: sql<number>`log_in_failures.failures + 1` }),
        )
        .returning(['failures', 'expires_at'])
        .executeTakeFirstOrThrow()
    })
    return { totalHits: row.failures, resetTime: new Date(row.expires_at) }
  }

  /** An attempt that succeeded does not count. It is answered already: if the database is away just now, one more is counted. */
  async decrement(key: string): Promise<void> {
    const taken = this.#db.transaction(async (trx) => {
      await trx
        .updateTable('log_in_failures')
        .set({ failures: sql<number>`failures - 1` })
        .where('key', '=', this.#hash(key))
        .where('failures', '>', 0)
        .execute()
    })
    await taken.catch(() => {})
  }

  async resetKey(key: string): Promise<void> {
    await this.#db.transaction(async (trx) => {
      await trx.deleteFrom('log_in_failures').where('key', '=', this.#hash(key)).execute()
    })
  }

  /** Who tried from where is nobody's business who reads the table. */
  #hash(key: string): string {
    return createHash('sha256').update(`${this.prefix} ${key}`).digest('hex')
  }
}
