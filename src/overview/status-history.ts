import { sql } from 'kysely'
import type { Status } from '../words/status.ts'
import type { Database } from '../database/database.ts'
import type { StatusStep } from '../pictures/levels/status-over-time.ts'
import { knownAt } from '../time/known.ts'
import { LAST_DAY, LAST_INSTANT } from '../time/moment.ts'

interface Stood {
  id: number
  status: Status
  day_from: string
  day_to: string
  known_to: string
}

/**
 * How many agreements entered and left each status on each day, by what is known now. Reading every standing takes longer than a
 * page may, so the sums are kept, and only standings that were added or ended since are read again.
 */
export class StatusHistory {
  readonly #db: Database
  readonly #changes = new Map<string, number>()
  #newest = 0
  /** Until when endings are counted, and those at that very instant that are. */
  #ended = { until: '', ids: new Set<number>() }
  #reading: Promise<void> = Promise.resolve()

  constructor(db: Database) {
    this.#db = db
  }

  /** The steps up to a day. */
  async steps(until: string): Promise<StatusStep[]> {
    this.#reading = this.#reading.then(() => this.#catchUp())
    await this.#reading
    return stepsOf(this.#changes, until)
  }

  async #catchUp(): Promise<void> {
    const since = this.#newest
    const added = await this.#select().where('id', '>', since).where('known_to', '=', LAST_INSTANT).execute()
    const ended = await this.#select()
      .where('id', '<=', since)
      .where('known_to', '>=', this.#ended.until)
      .where('known_to', '<', LAST_INSTANT)
      .execute()
    for (const stood of added) this.#count(stood, 1)
    for (const stood of ended) if (!this.#ended.ids.has(stood.id)) this.#count(stood, -1)
    const { newest } = await this.#db.read
      .selectFrom('standings')
      .select(sql<number>`coalesce(max(id), 0)`.as('newest'))
      .executeTakeFirstOrThrow()
    this.#newest = newest
    this.#ended = await this.#latestEnding()
  }

  /** Another unit of the same instant may end more: what ended at the latest instant is remembered one by one. */
  async #latestEnding(): Promise<{ until: string; ids: Set<number> }> {
    const { until } = await this.#db.read
      .selectFrom('standings')
      .select(sql<string | null>`max(known_to)`.as('until'))
      .where('known_to', '<', LAST_INSTANT)
      .executeTakeFirstOrThrow()
    if (until === null) return { until: '', ids: new Set() }
    const rows = await this.#db.read.selectFrom('standings').select('id').where('known_to', '=', until).execute()
    return { until, ids: new Set(rows.map(({ id }) => id)) }
  }

  #select() {
    return this.#db.read
      .selectFrom('standings')
      .select(['id', 'status', 'day_from', 'day_to', 'known_to'])
      .where('announced', '=', 0)
  }

  #count({ status, day_from, day_to }: Stood, sign: 1 | -1): void {
    this.#add(day_from, status, sign)
    if (day_to !== LAST_DAY) this.#add(day_to, status, -sign)
  }

  #add(day: string, status: Status, change: number): void {
    const key = `${day} ${status}`
    this.#changes.set(key, (this.#changes.get(key) ?? 0) + change)
  }
}

/** The same steps by what was known at an instant, up to a day. */
export async function stepsKnownAt({ read }: Database, instant: string, until: string): Promise<StatusStep[]> {
  const changes = new Map<string, number>()
  for (const [column, sign] of [
    ['day_from', 1],
    ['day_to', -1],
  ] as const) {
    const rows = await read
      .selectFrom('standings')
      .select([column, 'status', sql<number | bigint>`count(*)`.as('count')])
      .where(knownAt(instant, 'standings'))
      .where('announced', '=', 0)
      .where(column, '<=', until)
      .groupBy([column, 'status'])
      .orderBy(column)
      .orderBy('status')
      .execute()
    for (const row of rows) {
      const key = `${row[column]} ${row.status}`
      changes.set(key, (changes.get(key) ?? 0) + sign * Number(row.count))
    }
  }
  return stepsOf(changes, until)
}

function stepsOf(changes: ReadonlyMap<string, number>, until: string): StatusStep[] {
  return [...changes].flatMap(([key, change]) => {
    const [day = '', status] = key.split(' ')
    return change === 0 || day > until ? [] : [{ day, status: status as Status, change }]
  })
}
