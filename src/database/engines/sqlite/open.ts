import { closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import SqliteConnection from 'better-sqlite3'
import { type CompiledQuery, Kysely } from 'kysely'
import type { Database, Snapshot } from '../../database.ts'
import { forgetServers } from '../../forget-servers.ts'
import { migrate } from '../../migrate.ts'
import { oneAtATime } from '../../one-at-a-time.ts'
import type { Limits } from '../../../limits.ts'
import { tellStatement } from '../../statements.ts'
import { STATE } from '../../state.ts'
import type { Schema } from '../../schema.ts'
import { sqliteDialect } from './driver.ts'
import { unusable } from './failure.ts'

const ROWS_PER_CHUNK = 250
const LONGEST_WAIT_MILLISECONDS = 10_000
const CACHE_KIB = 16_384
const LARGEST_CHECKED_BYTES = 64 * 1024 * 1024
/** Read and written by whoever runs the program, by nobody else. */
const OWN_FILE = 0o600

/**
 * Opens (or makes) a register in one SQLite file: write-ahead log, every commit on the disk before it is
 * acknowledged, one connection for writing and one for reading.
 * @throws StartError when the file cannot be used, saying why.
 */
export function openSqlite(file: string, { exportCacheKib, walBytes }: Limits): Database {
  const writer = openConnection(file, false)
  const reader = openConnection(file, true)
  const read = new Kysely<Schema>({ dialect: sqliteDialect(reader) })
  const write = new Kysely<Schema>({ dialect: sqliteDialect(writer) })
  const newestChange = lazily(() => reader.prepare<[], number>('select coalesce(max(id), 0) from changes').pluck())
  const state = rememberedState(reader)
  const inLine = oneAtATime()
  // What was written while somebody read an older state stays in the log until they have left.
  writer.pragma(`journal_size_limit = ${walBytes}`)
  let snapshots = 0
  const leave = () => {
    snapshots -= 1
    if (snapshots > 0 || logSize(file) <= walBytes) return
    inLine(async () => void writer.pragma('wal_checkpoint(truncate)')).catch(() => {})
  }
  const enter = (): Snapshot => {
    const snapshot = openSnapshot(file, exportCacheKib, leave)
    snapshots += 1
    return snapshot
  }

  return {
    engine: 'sqlite',
    name: file,
    read,
    migrate: () => patiently(writer, () => migrate(write)),
    transaction: (work) => inLine(() => write.transaction().execute(work)),
    revision: async () => newestChange().get() ?? 0,
    state: async () => state(),
    stream: (query) => streamOn(enter, query),
    snapshot: async () => enter(),
    askUntil: (_left, next) => next(),
    hasReplica: false,
    readAfter: async (_change, next) => next(),
    backUp: (copy) => backUp(file, copy),
    close: async () => {
      reader.close()
      await inLine(async () => void writer.close())
    },
  }
}

function openConnection(file: string, readonly: boolean, cacheKib = CACHE_KIB): SqliteConnection.Database {
  try {
    if (!readonly) makeOwn(file)
    const connection = new SqliteConnection(file, { readonly, timeout: LONGEST_WAIT_MILLISECONDS })
    if (!readonly) {
      connection.pragma('journal_mode = wal')
      connection.pragma('synchronous = full')
    }
    connection.pragma('foreign_keys = on')
    // Without it, INSERT OR REPLACE deletes rows without asking the append-only triggers.
    connection.pragma('recursive_triggers = on')
    connection.pragma(`cache_size = -${cacheKib}`)
    if (!readonly) refuseDamage(connection, file)
    // From here on who writes waits in `beginTransaction`, and not in SQLite, where nobody else would be answered.
    if (!readonly) connection.pragma('busy_timeout = 0')
    return connection
  } catch (error) {
    throw unusable(file, error)
  }
}

/** A file that nobody else may read, where there is none; what SQLite puts beside it may be read by the same people. */
function makeOwn(file: string): void {
  mkdirSync(dirname(file), { recursive: true })
  try {
    closeSync(openSync(file, 'wx', OWN_FILE))
  } catch {
    // It is there, or SQLite says why it cannot be.
  }
}

/** A whole check of a large file would hold up the start; damage there is met by the query that reads it. */
function refuseDamage(connection: SqliteConnection.Database, file: string): void {
  if (statSync(file).size > LARGEST_CHECKED_BYTES) return
  const [answer] = connection.pragma('quick_check(1)') as { quick_check: string }[]
  if (answer?.quick_check !== 'ok') throw Object.assign(new Error(answer?.quick_check), { code: 'SQLITE_CORRUPT' })
}

/**
 * The state as it was read last, while no other connection has written since: SQLite tells by a number that costs less than the
 * question. The reader itself never writes.
 */
function rememberedState(reader: SqliteConnection.Database): () => string {
  const version = lazily(() => reader.prepare<[], number>('pragma data_version').pluck())
  const query = lazily(() => reader.prepare<[], string>(STATE).pluck())
  let known: { version: number | undefined; state: string } | undefined
  return () => {
    // Asked first: what is written in between is then only found to be new once more.
    const now = version().get()
    if (known?.version !== now || !known) known = { version: now, state: query().get() ?? '' }
    return known.state
  }
}

/** Another process may be migrating: there is nobody to answer meanwhile, so SQLite itself may wait. */
async function patiently<T>(connection: SqliteConnection.Database, work: () => Promise<T>): Promise<T> {
  connection.pragma(`busy_timeout = ${LONGEST_WAIT_MILLISECONDS}`)
  try {
    return await work()
  } finally {
    connection.pragma('busy_timeout = 0')
  }
}

/**
 * One state of the register as a file of its own, without what belongs to the servers: written row by row, so that nothing that was
 * ever deleted is left in a page of it, and what is taken out of it is written over.
 */
async function backUp(file: string, copy: string): Promise<void> {
  const connection = openConnection(file, true)
  try {
    connection.prepare('vacuum into ?').run(copy)
  } finally {
    connection.close()
  }
  const copied = new SqliteConnection(copy)
  try {
    copied.pragma('secure_delete = on')
    // A copy that is cut off is thrown away: it leaves nothing beside itself.
    copied.pragma('journal_mode = memory')
    await forgetServers(new Kysely<Schema>({ dialect: sqliteDialect(copied) }))
  } finally {
    copied.close()
  }
}

async function* streamOn<Row>(enter: () => Snapshot, query: CompiledQuery<Row>): AsyncGenerator<Row[]> {
  const snapshot = enter()
  try {
    yield* snapshot.stream(query)
  } finally {
    await snapshot.close()
  }
}

/** How large the write-ahead log of a register is, in bytes. */
function logSize(file: string): number {
  return statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0
}

/** A read transaction sees what was there at its first query. */
function openSnapshot(file: string, cacheKib: number, leave: () => void): Snapshot {
  const connection = openConnection(file, true, cacheKib)
  connection.exec('begin')
  connection.prepare('select 1 from settings').get()
  const read = new Kysely<Schema>({ dialect: sqliteDialect(connection) })
  return {
    read,
    stream: (query) => chunksOf(connection, query),
    close: async () => {
      connection.close()
      leave()
    },
  }
}

async function* chunksOf<Row>(connection: SqliteConnection.Database, query: CompiledQuery<Row>): AsyncGenerator<Row[]> {
  tellStatement(query)
  let chunk: Row[] = []
  for (const row of connection.prepare<unknown[], Row>(query.sql).iterate(query.parameters)) {
    chunk.push(row)
    if (chunk.length < ROWS_PER_CHUNK) continue
    yield chunk
    chunk = []
    // Lets waiting requests be answered between two chunks.
    await setImmediate()
  }
  if (chunk.length > 0) yield chunk
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
