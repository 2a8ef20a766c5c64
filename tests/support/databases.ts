import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hash } from 'node:crypto'
import SqliteConnection from 'better-sqlite3'
import { Client } from 'pg'
import { describe, inject, test } from 'vitest'
import type { EngineName } from '../../src/database/engines/engine.ts'

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
 * A database that holds what `prepare` makes. It is prepared once for each name in a run of the tests, and copied for each that
 * asks.
 */
export async function testDatabase(name: string, prepare: Prepare): Promise<TestDatabase> {
  return inject('engine') === 'sqlite' ? copyOfFile(name, prepare) : copyOfDatabase(name, prepare)
}

async function copyOfFile(name: string, prepare: Prepare): Promise<TestDatabase> {
  const prepared = join(inject('databases'), `${hash('sha256', name)}-${process.pid}.db`)
  if (!existsSync(prepared)) await prepare(`sqlite:${prepared}`)
  const folder = mkdtempSync(join(tmpdir(), 'clausula-test-'))
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
  const template = `prepared_${hash('sha256', name).slice(0, 16)}_${process.pid}`
  await administer(async (client) => {
    // Another file of tests ran in this process before.
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [template])
    if (rowCount !== 0) return
    await client.query(`create database ${template}`)
    await prepare(databaseUrl(template))
  })
  return template
}

/** The address of another database of the tests' server. */
function databaseUrl(database: string): string {
  const url = new URL(inject('databases'))
  url.pathname = `/${database}`
  return url.href
}

/** Runs statements in the server's own database. */
export async function administer(work: (client: Client) => Promise<void>, url = inject('databases')): Promise<void> {
  const client = new Client(url)
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

/** A copy of a database that nobody has open, with what guards its tables out of the way. */
export async function unguardedCopy(url: string, statement: string): Promise<TestDatabase & { rows: number }> {
  return inject('engine') === 'sqlite' ? unguardedFile(url, statement) : unguardedDatabase(url, statement)
}

async function unguardedFile(url: string, statement: string): Promise<TestDatabase & { rows: number }> {
  const file = url.slice('sqlite:'.length)
  const folder = mkdtempSync(join(tmpdir(), 'clausula-unguarded-'))
  const copy = join(folder, 'clausula.db')
  copyFileSync(file, copy)
  const connection = new SqliteConnection(copy)
  for (const name of connection.prepare("select name from sqlite_schema where type = 'trigger'").pluck().all())
    connection.exec(`drop trigger ${String(name)}`)
  connection.pragma('foreign_keys = off')
  const { changes } = connection.prepare(statement).run()
  connection.close()
  const remove = async () => rmSync(folder, { recursive: true, force: true })
  return { url: `sqlite:${copy}`, rows: changes, remove }
}

async function unguardedDatabase(url: string, statement: string): Promise<TestDatabase & { rows: number }> {
  const copy = `test_${process.pid}_${(made += 1)}`
  const original = new URL(url).pathname.slice(1)
  await administer(async (client) => void (await client.query(`create database ${copy} template ${original}`)))
  let rows = 0
  await administer(async (client) => {
    await client.query('set session_replication_role = replica')
    rows = (await client.query(statement)).rowCount ?? 0
  }, databaseUrl(copy))
  const remove = () =>
    administer(async (client) => void (await client.query(`drop database if exists ${copy} with (force)`)))
  return { url: databaseUrl(copy), rows, remove }
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
  const folder = mkdtempSync(join(tmpdir(), 'clausula-empty-'))
  return {
    url: `sqlite:${join(folder, 'clausula.db')}`,
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  }
}
