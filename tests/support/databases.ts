import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { hash } from 'node:crypto'
import SqliteConnection from 'better-sqlite3'
import { Client, type ClientBase, DatabaseError, Pool } from 'pg'
import { describe, inject, test } from 'vitest'
import type { EngineName } from '../../src/database/engines/engine.ts'
import { newFolder } from './folder.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The engine that the tests of this run use. */
    engine: EngineName
    /** Address of the server's own database, for PostgreSQL; a folder for prepared files, for SQLite. */
    databases: string
  }
}

/** A database of a test's own. */
export interface TestDatabase {
  url: string
  remove: () => Promise<void>
}

/** Fills a database that others are then copied from. */
export type Prepare = (url: string) => Promise<void>

/**
 * A database that holds what `prepare` makes. It is prepared once for each name in a run of the tests, whatever process asks first,
 * and copied for each that asks.
 */
export async function testDatabase(name: string, prepare: Prepare): Promise<TestDatabase> {
  return inject('engine') === 'sqlite' ? copyOfFile(name, prepare) : copyOfDatabase(name, prepare)
}

async function copyOfFile(name: string, prepare: Prepare): Promise<TestDatabase> {
  const prepared = join(inject('databases'), `${hash('sha256', name)}.db`)
  if (!existsSync(prepared)) {
    // Another process may be at it too: whoever ends later puts the same in its place.
    const own = `${prepared}.${process.pid}`
    await prepare(`sqlite:${own}`)
    renameSync(own, prepared)
  }
  const folder = newFolder('test')
  const file = join(folder, 'clausula.db')
  copyFileSync(prepared, file)
  return {
    url: `sqlite:${file}`,
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A test of what only a register in a file has: there is nothing of it to skip on the other engine. */
export const testOnSqlite: (name: string, run: () => Promise<void> | void) => void =
  inject('engine') === 'sqlite' ? test : () => {}

export const describeOnSqlite: (name: string, run: () => void) => void =
  inject('engine') === 'sqlite' ? describe : () => {}

let made = 0

const prepared = new Map<string, Promise<string>>()

async function copyOfDatabase(name: string, prepare: Prepare): Promise<TestDatabase> {
  const making = prepared.get(name) ?? prepareDatabase(name, prepare)
  prepared.set(name, making)
  const template = await making
  const copy = `test_${process.pid}_${(made += 1)}`
  await administer(async (client) => {
    await client.query(`create database ${copy} template ${template} strategy file_copy`)
  })
  const remove = () =>
    administer(async (client) => void (await client.query(`drop database if exists ${copy} with (force)`)))
  return { url: databaseUrl(copy), remove }
}

async function prepareDatabase(name: string, prepare: Prepare): Promise<string> {
  const digest = hash('sha256', name)
  const template = `prepared_${digest.slice(0, 16)}`
  await administer(async (client) => {
    // Another process may be at it: whoever comes second waits, and finds it there.
    const lock = [Number.parseInt(digest.slice(0, 12), 16)]
    await client.query('select pg_advisory_lock($1)', lock)
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [template])
    if (rowCount === 0) {
      await client.query(`create database ${template}`)
      await prepare(databaseUrl(template))
    }
    await client.query('select pg_advisory_unlock($1)', lock)
  })
  return template
}

/** The address of another database of the tests' server. */
function databaseUrl(database: string): string {
  const url = new URL(inject('databases'))
  url.pathname = `/${database}`
  return url.href
}

let own: Pool | undefined

/** Runs statements in the server's own database, or in another. */
export async function administer(work: (client: ClientBase) => Promise<void>, url?: string): Promise<void> {
  if (url === undefined) {
    // Each test asks: the connection stays.
    const client = await (own ??= new Pool({
      connectionString: inject('databases'),
      max: 1,
      allowExitOnIdle: true,
    })).connect()
    try {
      return await work(client)
    } finally {
      client.release()
    }
  }
  const client = new Client(url)
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

/**
 * A copy of a database that nobody has open, to which something was done while what guards its tables was out of the way: the first of
 * the statements that the database takes.
 * @returns with `rows`, how many that changed; 0 where it took none of them
 */
export async function unguardedCopy(url: string, ...statements: string[]): Promise<TestDatabase & { rows: number }> {
  return inject('engine') === 'sqlite' ? unguardedFile(url, statements) : unguardedDatabase(url, statements)
}

async function unguardedFile(url: string, statements: readonly string[]): Promise<TestDatabase & { rows: number }> {
  const { file, ...copy } = copyOf(url)
  const connection = new SqliteConnection(file)
  const guards = connection
    .prepare<[], { name: string; sql: string }>("select name, sql from sqlite_schema where type = 'trigger'")
    .all()
  for (const { name } of guards) connection.exec(`drop trigger ${name}`)
  connection.pragma('foreign_keys = off')
  let rows = 0
  for (const statement of statements) {
    try {
      rows = connection.prepare(statement).run().changes
      break
    } catch (error) {
      if (!(error instanceof SqliteConnection.SqliteError) || !error.code.startsWith('SQLITE_CONSTRAINT')) throw error
    }
  }
  // Whoever knows what they do puts them back.
  for (const { sql } of guards) connection.exec(sql)
  connection.close()
  return { ...copy, rows }
}

async function unguardedDatabase(url: string, statements: readonly string[]): Promise<TestDatabase & { rows: number }> {
  const copy = await copyOfRegister(url)
  let rows = 0
  await administer(async (client) => {
    await client.query('set session_replication_role = replica')
    for (const statement of statements) {
      try {
        rows = (await client.query(statement)).rowCount ?? 0
        break
      } catch (error) {
        // Classes 22 and 23: what a column cannot hold, and what a constraint refuses.
        if (!(error instanceof DatabaseError) || !/^2[23]/.test(error.code ?? '')) throw error
      }
    }
  }, copy.url)
  return { ...copy, rows }
}

/** An empty place for a register: a file that is not there yet, or an empty database. */
export async function emptyDatabase(engine = inject('engine')): Promise<TestDatabase> {
  if (engine === 'postgres') {
    const name = `test_${process.pid}_${(made += 1)}`
    await administer(async (client) => void (await client.query(`create database ${name}`)))
    const remove = () =>
      administer(async (client) => void (await client.query(`drop database if exists ${name} with (force)`)))
    return { url: databaseUrl(name), remove }
  }
  const folder = newFolder('empty')
  return {
    url: `sqlite:${join(folder, 'clausula.db')}`,
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A copy of a database that nobody has open, after some statements. */
export async function alteredCopy(url: string, statements: string): Promise<TestDatabase> {
  if (inject('engine') === 'sqlite') {
    const copy = copyOf(url)
    const connection = new SqliteConnection(copy.file)
    connection.unsafeMode(true)
    connection.exec(statements)
    connection.close()
    return copy
  }
  const copy = await copyOfRegister(url)
  await administer(async (client) => void (await client.query(statements)), copy.url)
  return copy
}

function copyOf(url: string): TestDatabase & { file: string } {
  const folder = newFolder('copy')
  const file = join(folder, 'clausula.db')
  copyFileSync(url.slice('sqlite:'.length), file)
  return { url: `sqlite:${file}`, file, remove: async () => rmSync(folder, { recursive: true, force: true }) }
}

async function copyOfRegister(url: string): Promise<TestDatabase> {
  const copy = `test_${process.pid}_${(made += 1)}`
  const original = new URL(url).pathname.slice(1)
  await administer(
    async (client) => void (await client.query(`create database ${copy} template ${original} strategy file_copy`)),
  )
  const remove = () =>
    administer(async (client) => void (await client.query(`drop database if exists ${copy} with (force)`)))
  return { url: databaseUrl(copy), remove }
}
