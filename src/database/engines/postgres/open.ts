import { AsyncLocalStorage } from 'node:async_hooks'
import { type CompiledQuery, HandleEmptyInListsPlugin, Kysely, replaceWithNoncontingentExpression } from 'kysely'
import { type ClientBase, type CustomTypesConfig, Pool, type PoolClient, type PoolConfig, types as pgTypes } from 'pg'
import { StartError } from '../../../errors.ts'
import type { Database, Snapshot } from '../../database.ts'
import { withoutPassword } from '../../locate.ts'
import { migrate } from '../../migrate.ts'
import { oneAtATime } from '../../one-at-a-time.ts'
import type { Schema, Trx } from '../../schema.ts'
import { STATE } from '../../state.ts'
import { becomeTheWriter } from '../one-writer.ts'
import { type Connections, postgresDialect } from './driver.ts'
import { mayBeTriedAgain, refuseOld, unreachable } from './failure.ts'

const ROWS_PER_CHUNK = 500
/** Connections that a process has at most: for queries, for what writes, for exports. */
const MOST = { reading: 8, writing: 2, snapshots: 6 }
const MOST_TRIES = 5

/** So long is waited for a connection, for a lock, for whoever began a transaction, and until a server that is silent is asked whether it lives. */
const LIMITS = {
  connectionTimeoutMillis: 10_000,
  lock_timeout: 10_000,
  idle_in_transaction_session_timeout: 60_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
}

/** Reading takes no longer than this; an export is read in pieces, and its reader may be slow. */
const READING_LIMITS = { statement_timeout: 120_000 }
const SNAPSHOT_LIMITS = { ...READING_LIMITS, idle_in_transaction_session_timeout: 300_000 }

/** Whoever cannot be reached within a second is not waited for: there is another to ask. */
const REPLICA_LIMITS = { connectionTimeoutMillis: 1_000 }

const READ_ONLY = { options: '-c default_transaction_read_only=on' }

/** What the program calls itself in `pg_stat_activity`. */
const APPLICATION = 'clausula'

const OID = { bool: 16, int8: 20, numeric: 1700 }

/** Numbers come as numbers, and yes and no as 1 and 0, as SQLite gives them; the rest as pg reads it. */
const types: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === OID.int8 || oid === OID.numeric) return Number
    if (oid === OID.bool) return (text: string) => (text === 't' ? 1 : 0)
    return pgTypes.getTypeParser(oid, format)
  }) as CustomTypesConfig['getTypeParser'],
}

/** A server that is read: the one that takes the writes, or its replica. */
interface Reading {
  read: Kysely<Schema>
  pool: Pool
  snapshots: Pool
}

/** A replica that did not answer is left alone for so long. */
const LEFT_ALONE_MILLISECONDS = 5_000

/**
 * Opens a register in a database of a PostgreSQL server, which has to be there; and perhaps its replica, which need not.
 * @throws StartError when the server or the database cannot be used, saying why.
 */
export async function openPostgres(url: string, replicaUrl?: string): Promise<Database> {
  const primary = openReading(url)
  await refuseUnusable(url, primary)
  const replica = replicaUrl === undefined ? undefined : openReading(replicaUrl, REPLICA_LIMITS)
  const chosen = new AsyncLocalStorage<Reading>()
  const reading = () => chosen.getStore() ?? primary
  const writing = openPool(url, MOST.writing)
  const write = new Kysely<Schema>({ dialect: postgresDialect(lentBy(writing)), plugins: [emptyLists()] })
  const inLine = oneAtATime()
  let isLeftAloneUntil = 0

  return {
    engine: 'postgres',
    name: withoutPassword(url),
    get read() {
      return reading().read
    },
    migrate: () => migratePatiently(url),
    transaction: (work) => inLine(() => again(() => write.transaction().execute((trx) => asTheWriter(trx, work)))),
    revision: async () => revisionOf(reading()),
    state: async () => one(reading().pool, STATE, 'state'),
    stream: (query) => streamOn(reading().snapshots, query),
    snapshot: () => openSnapshot(reading().snapshots),
    hasReplica: replica !== undefined,
    readAfter: async (change, next) => {
      if (!replica || performance.now() < isLeftAloneUntil) return next()
      try {
        if ((await revisionOf(replica, REPLICA_LIMITS.connectionTimeoutMillis)) < change) return next()
      } catch {
        isLeftAloneUntil = performance.now() + LEFT_ALONE_MILLISECONDS
        return next()
      }
      chosen.run(replica, next)
    },
    close: async () => {
      await inLine(async () => {})
      await Promise.all([...poolsOf(primary), ...(replica ? poolsOf(replica) : []), writing].map((pool) => pool.end()))
    },
  }
}

/** Another server may be migrating: it is waited for as long as it takes. */
async function migratePatiently(url: string): Promise<string[]> {
  const pool = openPool(url, 2, { lock_timeout: 0, idle_in_transaction_session_timeout: 0 })
  try {
    return await migrate(new Kysely<Schema>({ dialect: postgresDialect(lentBy(pool)), plugins: [emptyLists()] }))
  } finally {
    await pool.end()
  }
}

function openReading(url: string, limits: PoolConfig = {}): Reading {
  const pool = openPool(url, MOST.reading, { ...READ_ONLY, ...READING_LIMITS, ...limits })
  const snapshots = openPool(url, MOST.snapshots, { ...READ_ONLY, ...SNAPSHOT_LIMITS, ...limits })
  return {
    read: new Kysely<Schema>({ dialect: postgresDialect(lentBy(pool)), plugins: [emptyLists()] }),
    pool,
    snapshots,
  }
}

function poolsOf({ pool, snapshots }: Reading): Pool[] {
  return [pool, snapshots]
}

function revisionOf({ pool }: Reading, query_timeout?: number): Promise<number> {
  return one(pool, 'select coalesce(max(id), 0) as revision from changes', 'revision', query_timeout)
}

function openPool(url: string, max: number, more: PoolConfig = {}): Pool {
  const pool = new Pool({ connectionString: url, application_name: APPLICATION, max, types, ...LIMITS, ...more })
  // A connection that is lost while nobody uses it is not lent again; the next query opens another, or says that it cannot.
  pool.on('error', () => {})
  // One that is lost while it is lent tells so by the query that fails; unheard, it would end the process as well.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

async function refuseUnusable(url: string, { pool, snapshots }: Reading): Promise<void> {
  try {
    refuseOld(url, Number(await one(pool, `select current_setting('server_version_num') as version`, 'version')))
  } catch (error) {
    await Promise.all([pool.end(), snapshots.end()])
    throw error instanceof StartError ? error : unreachable(url, error)
  }
}

async function one<Value>(pool: Pool, text: string, column: string, query_timeout?: number): Promise<Value> {
  const { rows } = await pool.query({
    name: `clausula_${column}`,
    text,
    ...(query_timeout === undefined ? {} : { query_timeout }),
  })
  return (rows[0] as Record<string, Value>)[column] as Value
}

/** `in ()` is no SQL to PostgreSQL: nothing is in an empty list. */
function emptyLists(): HandleEmptyInListsPlugin {
  return new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })
}

function lentBy(pool: Pool): Connections {
  return {
    acquire: () => pool.connect(),
    release: (client, error) => (client as PoolClient).release(error !== undefined),
  }
}

async function asTheWriter<T>(trx: Trx, work: (trx: Trx) => Promise<T>): Promise<T> {
  await becomeTheWriter(trx)
  return work(trx)
}

/** Two transactions that met may both be right: the one that was turned away begins anew. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (tries >= MOST_TRIES || !mayBeTriedAgain(error)) throw error
    }
  }
}

async function* streamOn<Row>(pool: Pool, query: CompiledQuery<Row>): AsyncGenerator<Row[]> {
  const snapshot = await openSnapshot(pool)
  try {
    yield* snapshot.stream(query)
  } finally {
    await snapshot.close()
  }
}

/** A transaction that sees what was there when it began, whatever is committed meanwhile. */
async function openSnapshot(pool: Pool): Promise<Snapshot> {
  const client = await pool.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    // The state is fixed by the first query, not by `begin`.
    await client.query('select 1')
  } catch (error) {
    client.release(true)
    throw error
  }
  const connections = { acquire: async () => client, release: () => {} }
  const read = new Kysely<Schema>({ dialect: postgresDialect(connections), plugins: [emptyLists()] })
  let cursors = 0
  return {
    read,
    stream: (query) => chunksOf(client, `clausula_${(cursors += 1)}`, query),
    close: async () => {
      try {
        await client.query('rollback')
        client.release()
      } catch {
        client.release(true)
      }
    },
  }
}

async function* chunksOf<Row>(
  client: ClientBase,
  cursor: string,
  { sql, parameters }: CompiledQuery<Row>,
): AsyncGenerator<Row[]> {
  await client.query(`declare ${cursor} no scroll cursor for ${sql}`, parameters as unknown[])
  try {
    for (;;) {
      const { rows } = await client.query(`fetch forward ${ROWS_PER_CHUNK} from ${cursor}`)
      if (rows.length > 0) yield rows as Row[]
      if (rows.length < ROWS_PER_CHUNK) return
    }
  } finally {
    await client.query(`close ${cursor}`).catch(() => {})
  }
}
