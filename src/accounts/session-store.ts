import { createHash } from 'node:crypto'
import session from 'express-session'
import type { Database } from '../database/database.ts'
import type { Clock } from '../time/clock.ts'

/** A session ends so long after its last renewal. */
export const SESSION_MILLISECONDS = 14 * 24 * 60 * 60 * 1000

type Done<Value = void> = (error?: unknown, value?: Value) => void

/** What a session id is kept as, so that a copy of the database opens no session. */
export function hashSessionId(id: string): string {
  return createHash('sha256').update(id).digest('hex')
}

/** Keeps sessions in the register's own database. */
export class SessionStore extends session.Store {
  readonly #db: Database
  readonly #clock: Clock

  constructor(db: Database, clock: Clock) {
    super()
    this.#db = db
    this.#clock = clock
  }

  override get(id: string, done: Done<session.SessionData | null>): void {
    settle(this.#read(id), done)
  }

  override set(id: string, data: session.SessionData, done: Done = () => {}): void {
    settle(this.#write(id, data), done)
  }

  override destroy(id: string, done: Done = () => {}): void {
    settle(
      this.#db.transaction(async (trx) => {
        await trx.deleteFrom('sessions').where('id_hash', '=', hashSessionId(id)).execute()
      }),
      done,
    )
  }

  /** Renews a session that is used, but writes only once half of its time is gone. */
  override touch(id: string, data: session.SessionData, done: Done = () => {}): void {
    // The answer is made already: a session that could not be renewed just now is renewed by the next request.
    this.#renew(id, data).then(
      () => done(),
      () => done(),
    )
  }

  async #read(id: string): Promise<session.SessionData | null> {
    const row = await this.#db.read
      .selectFrom('sessions')
      .select('data')
      .where('id_hash', '=', hashSessionId(id))
      .where('expires_at', '>', this.#clock.now().toISOString())
      .executeTakeFirst()
    return row ? (JSON.parse(row.data) as session.SessionData) : null
  }

  async #write(id: string, data: session.SessionData): Promise<void> {
    const row = { user_id: data.userId ?? null, data: JSON.stringify(data), expires_at: this.#expiry() }
    await this.#db.transaction(async (trx) => {
      await trx.deleteFrom('sessions').where('expires_at', '<=', this.#clock.now().toISOString()).execute()
      await trx
        .insertInto('sessions')
        .values({ id_hash: hashSessionId(id), ...row })
        .onConflict((conflict) => conflict.column('id_hash').doUpdateSet(row))
        .execute()
    })
  }

  async #renew(id: string, data: session.SessionData): Promise<void> {
    const row = await this.#db.read
      .selectFrom('sessions')
      .select('expires_at')
      .where('id_hash', '=', hashSessionId(id))
      .executeTakeFirst()
    if (!row || Date.parse(row.expires_at) - this.#clock.now().getTime() >= SESSION_MILLISECONDS / 2) return
    // One that was ended meanwhile stays ended.
    await this.#db.transaction(async (trx) => {
      await trx
        .updateTable('sessions')
        .set({ data: JSON.stringify(data), expires_at: this.#expiry() })
        .where('id_hash', '=', hashSessionId(id))
        .execute()
    })
  }

  #expiry(): string {
    return new Date(this.#clock.now().getTime() + SESSION_MILLISECONDS).toISOString()
  }
}

function settle<Value>(work: Promise<Value>, done: Done<Value>): void {
  work.then(
    (value) => done(null, value),
    (error: unknown) => done(error),
  )
}

declare module 'express-session' {
  interface SessionData {
    userId?: number
    /** Of the password that it was opened with: `proofOf` its hash. */
    proof?: string
  }
}
