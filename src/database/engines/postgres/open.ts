import { AsyncLocalStorage } from 'node:async_hooks'
import type { Kysely } from 'kysely'
import type { Pool, PoolConfig } from 'pg'
import { StartError } from '../../../errors.ts'
import type { Limits } from '../../../limits.ts'
import type { Database } from '../../database.ts'
import { withoutPassword } from '../../locate.ts'
import { migrate } from '../../migrate.ts'
import { oneAtATime } from '../../one-at-a-time.ts'
import type { Schema, Trx } from '../../schema.ts'
import { STATE } from '../../state.ts'
import { becomeTheWriter } from '../one-writer.ts'
import { kyselyOn, one, openPool } from './connections.ts'
import { mayBeTriedAgain, refuseOld, unreachable } from './failure.ts'
import { openSnapshot, streamOn } from './snapshot.ts'
import { type Stoppable, stoppable, type Waiting } from './stopping.ts'

/** Connections that a process has at most: for queries, for what writes; exports have their limit. */
const MOST = { reading: 8, writing: 2 }
const MOST_TRIES = 5

/** An export is read in pieces, and its reader may be slow. */
const LONGEST_PAUSE = { idle_in_transaction_session_timeout: 300_000 }

/** Whoever cannot be reached within a second is not waited for: there is another to ask. */
const REPLICA_LIMITS = { connectionTimeoutMillis: 1_000 }

const READ_ONLY = { options: '-c default_transaction_read_only=on' }

/** A server that is read: the one that takes the writes, or its replica. */
interface Reading {
  read: Kysely<Schema>
  pool: Pool
  snapshots: Stoppable
  end(): Promise<void>
}

/** A replica that did not answer is left alone for so long. */
const LEFT_ALONE_MILLISECONDS = 5_000

/**
 * Opens a register in a database of a PostgreSQL server, which has to be there; and perhaps its replica, which need not.
 * @throws StartError when the server or the database cannot be used, saying why.
 */
export async function openPostgres(url: string, replicaUrl: string | undefined, limits: Limits): Promise<Database> {
  const waiting: Waiting = new AsyncLocalStorage()
  const primary = openReading(url, limits, waiting)
  await refuseUnusable(url, primary)
  const replica = replicaUrl === undefined ? undefined : openReading(replicaUrl, limits, waiting, REPLICA_LIMITS)
  const chosen = new AsyncLocalStorage<Reading>()
  const reading = () => chosen.getStore() ?? primary
  const writing = openPool(url, MOST.writing)
  const write = kyselyOn(writing)
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
    askUntil: (left, next) => waiting.run(left, next),
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
      await Promise.all([primary.end(), replica?.end(), writing.end()])
    },
  }
}

/** Another server may be migrating: it is waited for as long as it takes. */
async function migratePatiently(url: string): Promise<string[]> {
  const pool = openPool(url, 2, { lock_timeout: 0, idle_in_transaction_session_timeout: 0 })
  try {
    return await migrate(kyselyOn(pool))
  } finally {
    await pool.end()
  }
}

function openReading(url: string, limits: Limits, waiting: Waiting, more: PoolConfig = {}): Reading {
  const pool = openPool(url, MOST.reading, { ...READ_ONLY, statement_timeout: limits.readingMs, ...more })
  const whole = openPool(url, limits.exports, {
    ...READ_ONLY,
    ...LONGEST_PAUSE,
    statement_timeout: limits.exportReadingMs,
    ...more,
  })
  const lent = stoppable(url, pool, waiting)
  const snapshots = stoppable(url, whole, waiting)
  const ending = [lent, snapshots, pool, whole]
  return {
    read: kyselyOn(lent),
    pool,
    snapshots,
    end: async () => void (await Promise.all(ending.map((one) => one.end()))),
  }
}

function revisionOf({ pool }: Reading, query_timeout?: number): Promise<number> {
  return one(pool, 'select coalesce(max(id), 0) as revision from changes', 'revision', query_timeout)
}

async function refuseUnusable(url: string, primary: Reading): Promise<void> {
  try {
    refuseOld(
      url,
      Number(await one(primary.pool, `select current_setting('server_version_num') as version`, 'version')),
    )
  } catch (error) {
    await primary.end()
    throw error instanceof StartError ? error : unreachable(url, error)
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
