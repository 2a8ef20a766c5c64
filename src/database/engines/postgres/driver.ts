import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { ClientBase } from 'pg'
import { tellStatement } from '../../statements.ts'

/** Where a driver gets its connections: a pool, or one connection that is lent again and again. */
export interface Connections {
  acquire(): Promise<ClientBase>
  release(client: ClientBase, error?: unknown): void
  /** What it is that failed, where that is not what the server says: `Abandoned` for what was stopped since nobody waits for it. */
  explain?(client: ClientBase, error: unknown): unknown
}

/**
 * Kysely over connections of pg. Unlike Kysely's own driver it lets the server keep what it prepared: a statement that is used for the
 * second time gets a name, under which the connection plans it once.
 */
export function postgresDialect(connections: Connections): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PostgresDriver(connections),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

/** The connection was lost while the server committed: nobody knows yet whether it did. */
class UncertainCommit extends Error {
  override readonly name = 'UncertainCommit'

  constructor(cause: unknown) {
    super('the connection was lost while the transaction was committed', { cause })
  }
}

class PostgresDriver implements Driver {
  readonly #connections: Connections
  readonly #lent = new WeakMap<DatabaseConnection, { client: ClientBase; error?: unknown }>()

  constructor(connections: Connections) {
    this.#connections = connections
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const client = await this.#connections.acquire()
    const connection = new PostgresConnection(client, this.#connections)
    this.#lent.set(connection, { client })
    return connection
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await this.#clientOf(connection).query('begin')
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await this.#clientOf(connection).query('commit')
    } catch (error) {
      throw new UncertainCommit(error)
    }
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    const lent = this.#lent.get(connection)
    try {
      await this.#clientOf(connection).query('rollback')
    } catch (error) {
      // A connection that is lost rolls back by itself; it is not lent again.
      if (lent) lent.error = error
    }
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    const lent = this.#lent.get(connection)
    if (lent) this.#connections.release(lent.client, lent.error)
  }

  /** Whoever made the pool ends it: it is used beside Kysely as well. */
  async destroy(): Promise<void> {}

  #clientOf(connection: DatabaseConnection): ClientBase {
    const lent = this.#lent.get(connection)
    if (!lent) throw new Error('the connection is not one of this driver')
    return lent.client
  }
}

class PostgresConnection implements DatabaseConnection {
  readonly #client: ClientBase
  readonly #connections: Connections

  constructor(client: ClientBase, connections: Connections) {
    this.#client = client
    this.#connections = connections
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    tellStatement({ sql, parameters })
    const name = statementName(sql)
    try {
      const { rows, rowCount } = await this.#client.query({
        ...(name === undefined ? {} : { name }),
        text: sql,
        values: parameters.map(withoutNul),
      })
      return { rows: rows as Row[], numAffectedRows: BigInt(rowCount ?? 0) }
    } catch (error) {
      throw this.#connections.explain?.(this.#client, error) ?? error
    }
  }

  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('use Database.stream, which reads on a connection of its own')
  }
}

function forgetThoseUsedOnce(): void {
  for (const [sql, name] of names) if (name === null) names.delete(sql)
}

/**
 * PostgreSQL knows no NUL in a text. No form lets one through to be kept, so what is looked for has none either: it is looked for with
 * a sign that is as unknown.
 */
function withoutNul(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value
}

const MOST_NAMED = 500
const names = new Map<string, string | null>()
let named = 0

/** The name of a statement that was used before; null stands for one that was used once. */
function statementName(sql: string): string | undefined {
  const name = names.get(sql)
  if (typeof name === 'string') return name
  if (name === null) {
    const given = `clausula_${(named += 1)}`
    names.set(sql, given)
    return given
  }
  if (names.size >= MOST_NAMED) forgetThoseUsedOnce()
  if (names.size < MOST_NAMED) names.set(sql, null)
  return undefined
}
