import { sql } from 'kysely'
import type { Status } from '../agreements/status.ts'
import type { Database } from '../database/database.ts'
import type { StatusStep } from '../pictures/status-over-time.ts'

interface Stood {
  id: number
  agreement_id: number
  status: Status
  effective_day: string
}

/**
 * How many agreements entered and left each status on each day. Reading every position takes longer than a page may, so
 * the sums are kept, and only agreements with a newer position are read again.
 */
export class StatusHistory {
  readonly #db: Database
  readonly #changes = new Map<string, number>()
  #newest = 0
  #reading: Promise<void> = Promise.resolve()

  constructor(db: Database) {
    this.#db = db
  }

  /** The steps up to a day. */
  async steps(today: string): Promise<StatusStep[]> {
    this.#reading = this.#reading.then(() => this.#catchUp())
    await this.#reading
    return [...this.#changes].flatMap(([key, change]) => {
      const [day = '', status] = key.split(' ')
      return change === 0 || day > today ? [] : [{ day, status: status as Status, change }]
    })
  }

  async #catchUp(): Promise<void> {
    const since = this.#newest
    const positions = await this.#positionsOfAgreementsChangedSince(since)
    this.#count(positions, 1)
    // What was counted of these agreements before is taken back.
    this.#count(
      positions.filter(({ id }) => id <= since),
      -1,
    )
    this.#newest = positions.reduce((newest, { id }) => Math.max(newest, id), since)
  }

  /** Each position adds one to its status, and takes one from that of the position before it. */
  #count(positions: readonly Stood[], sign: 1 | -1): void {
    for (const [index, { agreement_id, effective_day, status }] of positions.entries()) {
      const before = positions[index - 1]
      this.#add(effective_day, status, sign)
      if (before?.agreement_id === agreement_id) this.#add(effective_day, before.status, -sign)
    }
  }

  async #positionsOfAgreementsChangedSince(since: number): Promise<Stood[]> {
    const changed = sql<boolean>`agreement_id in (select agreement_id from positions where id > ${since})`
    return this.#db.read
      .selectFrom('positions')
      .select(['id', 'agreement_id', 'status', 'effective_day'])
      .where('superseded_at', 'is', null)
      .$if(since > 0, (query) => query.where(changed))
      .orderBy('agreement_id')
      .orderBy('effective_day')
      .orderBy('id')
      .execute()
  }

  #add(day: string, status: Status, change: number): void {
    const key = `${day} ${status}`
    this.#changes.set(key, (this.#changes.get(key) ?? 0) + change)
  }
}
