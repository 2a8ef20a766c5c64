import { setTimeout } from 'node:timers/promises'
import type SqliteConnection from 'better-sqlite3'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { tellStatement } from '../../statements.ts'

const STATEMENTS_KEPT = 500
const RETRY_MILLISECONDS = 2
const LONGEST_WAIT_MILLISECONDS = 10_000

/**
 * Kysely over one better-sqlite3 connection. Unlike Kysely's own driver it keeps prepared statements by their
 * SQL text, and lets queries outside a transaction run without waiting in line: SQLite answers each at once.
 */
export function sqliteDialect(connection: SqliteConnection.Database): Dialect {
  return {
    createAdapter: () => new TransactionalAdapter(),
    createDriver: () => new SqliteDriver(connection),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

/**
 * SQLite changes tables within a transaction like everything else, which Kysely does not count on: so a migration is made whole or not
 * at all, and of two processes that start at once one migrates.
 */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class SqliteDriver implements Driver {
  readonly #connection: SqliteConnection.Database
  readonly #statements: SqliteStatements

  constructor(connection: SqliteConnection.Database) {
    this.#connection = connection
    this.#statements = new SqliteStatements(connection)
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#statements
  }

  /** Another process may be writing: it is waited for without holding up those who read. */
  async beginTransaction(): Promise<void> {
    for (let waited = 0; ; waited += RETRY_MILLISECONDS) {
      try {
        this.#connection.exec('begin immediate')
        return
      } catch (error) {
        const isBusy = (error as { code?: string }).code?.startsWith('SQLITE_BUSY') === true
        if (!isBusy || waited >= LONGEST_WAIT_MILLISECONDS) throw error
        await setTimeout(RETRY_MILLISECONDS)
      }
    }
  }

  async commitTransaction(): Promise<void> {
    this.#connection.exec('commit')
  }

  async rollbackTransaction(): Promise<void> {
    // SQLite has already rolled back by itself after a full disk or an I/O error.
    if (this.#connection.inTransaction) this.#connection.exec('rollback')
  }

  async releaseConnection(): Promise<void> {}

  /** Whoever opened the connection closes it: Kysely forgets to where it was not asked anything. */
  async destroy(): Promise<void> {}
}

class SqliteStatements implements DatabaseConnection {
  readonly #connection: SqliteConnection.Database
  readonly #kept = new Map<string, SqliteConnection.Statement>()

  constructor(connection: SqliteConnection.Database) {
    this.#connection = connection
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    tellStatement(query)
    const statement = this.#prepare(query.sql)
    if (statement.reader) return { rows: statement.all(query.parameters) as Row[] }
    const { changes, lastInsertRowid } = statement.run(query.parameters)
    return { numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid), rows: [] }
  }

  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('use Database.stream, which reads on a connection of its own')
  }

  #prepare(sql: string): SqliteConnection.Statement {
    const kept = this.#kept.get(sql)
    if (kept) return kept
    const [oldest] = this.#kept.size >= STATEMENTS_KEPT ? this.#kept.keys() : []
    if (oldest !== undefined) this.#kept.delete(oldest)
    const statement = this.#connection.prepare(sql)
    this.#kept.set(sql, statement)
    return statement
  }
}
