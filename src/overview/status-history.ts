import { type RawBuilder, sql, type SqlBool } from 'kysely'
import type { Status } from '../words/status.ts'
import type { Database } from '../database/database.ts'
import type { Reader } from '../database/schema.ts'
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
  #changes = new Map<string, number>()
  #newest = 0
  /** Until when endings are counted, and those at that very instant that are. */
  #ended = { until: '', ids: new Set<number>() }
  #reading: Promise<void> = Promise.resolve()

  constructor(db: Database) {
    this.#db = db
  }

  /** The steps up to a day. */
  async steps(until: string): Promise<StatusStep[]> {
    const reading = this.#reading.then(() => this.#catchUp())
    // Whoever reads next begins where this one began, if it fails.
    this.#reading = reading.catch(() => {})
    await reading
    return stepsOf(this.#changes, until)
  }

  /** What is read is counted when all of it is read. */
  async #catchUp(): Promise<void> {
    const since = this.#newest
    if (since === 0) return this.#begin()
    const { read } = this.#db
    const added = await selectStood(read).where('id', '>', since).where('known_to', '=', LAST_INSTANT).execute()
    const ended = await selectStood(read)
      .where('id', '<=', since)
      .where('known_to', '>=', this.#ended.until)
      .where('known_to', '<', LAST_INSTANT)
      .execute()
    const newest = await newestStanding(read)
    const latest = await latestEnding(read)
    for (const stood of added) this.#count(stood, 1)
    for (const stood of ended) if (!this.#ended.ids.has(stood.id)) this.#count(stood, -1)
    this.#newest = newest
    this.#ended = latest
  }

  /** For the first time the database adds up, in one state of the register. */
  async #begin(): Promise<void> {
    const snapshot = await this.#db.snapshot()
    try {
      const changes = await changesKnown(snapshot.read, knownAt(null, 'standings'), LAST_DAY)
      const newest = await newestStanding(snapshot.read)
      this.#ended = await latestEnding(snapshot.read)
      this.#changes = changes
      this.#newest = newest
    } finally {
      await snapshot.close()
    }
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

function selectStood(read: Reader) {
  return read
    .selectFrom('standings')
    .select(['id', 'status', 'day_from', 'day_to', 'known_to'])
    .where('announced', '=', 0)
}

async function newestStanding(read: Reader): Promise<number> {
  const { newest } = await read
    .selectFrom('standings')
    .select(sql<number>`coalesce(max(id), 0)`.as('newest'))
    .executeTakeFirstOrThrow()
  return newest
}

/** Another unit of the same instant may end more: what ended at the latest instant is remembered one by one. */
async function latestEnding(read: Reader): Promise<{ until: string; ids: Set<number> }> {
  const { until } = await read
    .selectFrom('standings')
    .select(sql<string | null>`max(known_to)`.as('until'))
    .where('known_to', '<', LAST_INSTANT)
    .executeTakeFirstOrThrow()
  if (until === null) return { until: '', ids: new Set() }
  const rows = await read.selectFrom('standings').select('id').where('known_to', '=', until).execute()
  return { until, ids: new Set(rows.map(({ id }) => id)) }
}

/** The same steps by what was known at an instant, up to a day. */
export async function stepsKnownAt({ read }: Database, instant: string, until: string): Promise<StatusStep[]> {
  return stepsOf(await changesKnown(read, knownAt(instant, 'standings'), until), until)
}

/** By day and status: how many entered it less those who left it, up to a day; those that have no end left never. */
async function changesKnown(read: Reader, known: RawBuilder<SqlBool>, until: string): Promise<Map<string, number>> {
  const changes = new Map<string, number>()
  for (const [column, sign] of [
    ['day_from', 1],
    ['day_to', -1],
  ] as const) {
    const rows = await read
      .selectFrom('standings')
      .select([column, 'status', sql<number | bigint>`count(*)`.as('count')])
      .where(known)
      .where('announced', '=', 0)
      .where(column, '<=', until)
      .where(column, '<', LAST_DAY)
      .groupBy([column, 'status'])
      .orderBy(column)
      .orderBy('status')
      .execute()
    for (const row of rows) {
      const key = `${row[column]} ${row.status}`
      changes.set(key, (changes.get(key) ?? 0) + sign * Number(row.count))
    }
  }
  return changes
}

function stepsOf(changes: ReadonlyMap<string, number>, until: string): StatusStep[] {
  return [...changes].flatMap(([key, change]) => {
    const [day = '', status] = key.split(' ')
    return change === 0 || day > until ? [] : [{ day, status: status as Status, change }]
  })
}
