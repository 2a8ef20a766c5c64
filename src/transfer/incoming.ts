import { sql } from 'kysely'
import { RECORDED_TABLES, type RecordedTable, tableNamed } from '../database/all-tables.ts'
import { bulkInsert } from '../database/engines/bulk-insert.ts'
import type { Database, Snapshot } from '../database/database.ts'
import type { Reader, Trx } from '../database/schema.ts'
import { StartError } from '../errors.ts'
import { rebuildIfAsked } from '../standing/rebuild.ts'
import { latestDay, systemClock } from '../time/clock.ts'
import { checkChain } from '../verification/chain.ts'
import { Fault } from '../verification/fault.ts'

const KEY = 'incoming'

export type Row = Record<string, unknown>
export type Counts = Record<RecordedTable, number>

/** How far a register has come into a database. */
interface Progress {
  /** The hash of the newest change of the register that comes in. */
  head: string
  table: RecordedTable | null
  /** The last row that arrived, with the columns that find it. */
  last: Row | null
}

/** A register on its way into an empty database. What arrived stays; until it is complete, no server starts on it. */
export class Incoming {
  readonly #db: Database
  #progress: Progress

  private constructor(db: Database, progress: Progress) {
    this.#db = db
    this.#progress = progress
  }

  /**
   * Begins, or goes on where the same register's way in was interrupted.
   * @throws StartError when the database holds something else.
   */
  static async into(db: Database, head: string): Promise<Incoming> {
    await db.migrate()
    const begun = await readProgress(db.read)
    if (begun && begun.head !== head)
      throw new StartError(
        `${db.name} holds the beginning of another register, or of an earlier state of this one; nothing was changed in it: give an empty database`,
      )
    if (begun) return new Incoming(db, begun)
    for (const table of RECORDED_TABLES) {
      if (table !== 'settings' && (await countRows(db.read, table)) > 0)
        throw new StartError(`${db.name} is not empty; nothing was changed in it: give an empty database`)
    }
    return new Incoming(db, { head, table: null, last: null })
  }

  /** Where to go on: tables before `table` are complete, and of it everything up to `last`. */
  get progress(): Progress {
    return this.#progress
  }

  /** Keeps some rows of a table; they are on the disk when it resolves. */
  async add(table: RecordedTable, rows: readonly Row[], last: Row): Promise<void> {
    const progress = { ...this.#progress, table, last }
    await this.#db.transaction(async (trx) => {
      await bulkInsert(trx, table, rows as never)
      await recordProgress(trx, progress)
    })
    this.#progress = progress
  }

  /**
   * Works out what follows from what arrived, and checks that all of it did.
   * @throws StartError when a table or the chain of hashes is not what it was where it came from.
   */
  async finish(counts: Counts): Promise<void> {
    for (const table of RECORDED_TABLES) {
      const arrived = await countRows(this.#db.read, table)
      if (arrived !== counts[table])
        throw new StartError(
          `${table} has ${arrived} rows in ${this.#db.name}, and ${counts[table]} where they come from`,
        )
    }
    await this.#db.transaction(async (trx) => {
      await trx
        .insertInto('settings')
        .values({ key: 'rebuild', value: KEY })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    })
    await rebuildIfAsked(this.#db, latestDay(systemClock))
    await checkHead(this.#db, this.#progress.head)
    await this.#db.transaction(async (trx) => {
      await trx.deleteFrom('settings').where('key', '=', KEY).execute()
    })
  }
}

/** @throws StartError for a database into which a register has come only in part. */
export async function refuseIncomplete(db: Database): Promise<void> {
  if (await readProgress(db.read))
    throw new StartError(
      `a copy or a restore into ${db.name} did not come to its end: run it again, or give an empty database`,
    )
}

/** How many rows of a table are recorded. */
async function countRows(db: Reader, table: RecordedTable): Promise<number> {
  const { key, only } = tableNamed(table)
  const { count } = await db
    .selectFrom(table)
    .select(sql<number>`count(*)`.as('count'))
    .$if(only !== undefined, (query) => query.where(sql.ref(key[0] ?? ''), 'in', only ?? []))
    .executeTakeFirstOrThrow()
  return count
}

export async function countAll(db: Reader): Promise<Counts> {
  const counts: Partial<Counts> = {}
  for (const table of RECORDED_TABLES) counts[table] = await countRows(db, table)
  return counts as Counts
}

async function checkHead(db: Database, head: string): Promise<void> {
  const snapshot = await db.snapshot()
  try {
    await checkHeadOf(snapshot, db.name, head)
  } finally {
    await snapshot.close()
  }
}

/** @throws StartError when the chain of hashes is broken, or does not end in `head`. */
export async function checkHeadOf(snapshot: Snapshot, name: string, head: string): Promise<void> {
  try {
    const found = await checkChain(snapshot)
    if (found.head !== head) throw new Fault(`its history ends with ${found.head}, not with ${head}`)
  } catch (error) {
    if (error instanceof Fault) throw new StartError(`${name} does not follow from its history: ${error.message}`)
    throw error
  }
}

async function readProgress(db: Reader): Promise<Progress | undefined> {
  const kept = await db.selectFrom('settings').select('value').where('key', '=', KEY).executeTakeFirst()
  return kept && (JSON.parse(kept.value) as Progress)
}

async function recordProgress(trx: Trx, progress: Progress): Promise<void> {
  const value = JSON.stringify(progress)
  await trx
    .insertInto('settings')
    .values({ key: KEY, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute()
}
