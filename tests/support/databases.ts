import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { hash } from 'node:crypto'
import SqliteConnection from 'better-sqlite3'
import { Client, type ClientBase, Pool } from 'pg'
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

/** A copy of a database that nobody has open, with what guards its tables out of the way. */
export async function unguardedCopy(url: string, statement: string): Promise<TestDatabase & { rows: number }> {
  return inject('engine') === 'sqlite' ? unguardedFile(url, statement) : unguardedDatabase(url, statement)
}

async function unguardedFile(url: string, statement: string): Promise<TestDatabase & { rows: number }> {
  const file = url.slice('sqlite:'.length)
  const folder = newFolder('unguarded')
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
  await administer(
    async (client) => void (await client.query(`create database ${copy} template ${original} strategy file_copy`)),
  )
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
  const folder = newFolder('empty')
  return {
    url: `sqlite:${join(folder, 'clausula.db')}`,
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  }
}
