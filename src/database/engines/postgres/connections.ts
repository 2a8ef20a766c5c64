import { HandleEmptyInListsPlugin, Kysely, replaceWithNoncontingentExpression } from 'kysely'
import { type CustomTypesConfig, Pool, type PoolClient, type PoolConfig, types as pgTypes } from 'pg'
import type { Schema } from '../../schema.ts'
import { type Connections, postgresDialect } from './driver.ts'

/** So long is waited for a connection, for a lock, for whoever began a transaction, and until a server that is silent is asked whether it lives. */
const LIMITS = {
  connectionTimeoutMillis: 10_000,
  lock_timeout: 10_000,
  idle_in_transaction_session_timeout: 60_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
}

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

/** Connections to a server that are lent one by one, `max` at most. */
export function openPool(url: string, max: number, more: PoolConfig = {}): Pool {
  const pool = new Pool({ connectionString: url, application_name: APPLICATION, max, types, ...LIMITS, ...more })
  // A connection that is lost while nobody uses it is not lent again; the next query opens another, or says that it cannot.
  pool.on('error', () => {})
  // One that is lost while it is lent tells so by the query that fails; unheard, it would end the process as well.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** `in ()` is no SQL to PostgreSQL: nothing is in an empty list. */
const emptyLists = new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })

/** Kysely over the connections of a pool, or over one that is lent again and again. */
export function kyselyOn(connections: Pool | Connections): Kysely<Schema> {
  const lending = connections instanceof Pool ? lentBy(connections) : connections
  return new Kysely<Schema>({ dialect: postgresDialect(lending), plugins: [emptyLists] })
}

function lentBy(pool: Pool): Connections {
  return {
    acquire: () => pool.connect(),
    release: (client, error) => (client as PoolClient).release(error !== undefined),
  }
}

/** The one column of the one row that a query answers with; its name tells the statement apart. */
export async function one<Value>(pool: Pool, text: string, column: string, query_timeout?: number): Promise<Value> {
  const { rows } = await pool.query({
    name: `clausula_${column}`,
    text,
    ...(query_timeout === undefined ? {} : { query_timeout }),
  })
  return (rows[0] as Record<string, Value>)[column] as Value
}
