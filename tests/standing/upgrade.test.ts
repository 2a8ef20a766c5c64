import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import SqliteConnection from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import * as register from '../../db/migrations/0001-register.ts'
import { readConfig } from '../../src/config.ts'
import { createContext } from '../../src/server/open.ts'
import { verifyRegister } from '../../src/verification/verify.ts'
import { SetClock, testApp, type TestApp } from '../support/test-app.ts'
import { newFolder } from '../support/folder.ts'

const DERIVED = {
  standings:
    'agreement_id, position_id, status, means, status_since, contested, announced, kind, sector, day_from, day_to, known_from, known_to',
  agreement_links: 'agreement_id, link, other_id, known_from, known_to',
  agreement_texts: 'agreement_id, digest, known_from, known_to',
}

/** What is worked out from the history, in an order of its own; what nobody ever knew is left out. */
function derivedOf(file: string) {
  const db = new SqliteConnection(file, { readonly: true })
  const rows = Object.entries(DERIVED).map(([table, columns]) =>
    db.prepare(`select ${columns} from ${table} where known_from < known_to order by ${columns}`).all(),
  )
  const versions = db
    .prepare('select agreement_id, version, title_sort from agreement_versions order by agreement_id, version')
    .all()
  const positions = db.prepare('select id, change_id from positions order by id').all()
  db.close()
  return { rows, versions, positions }
}

async function open(file: string): Promise<void> {
  const config = readConfig({ DATABASE_URL: `sqlite:${file}` })
  const clock = new SetClock('2026-11-23T12:00:00.000Z')
  const context = await createContext(config, { clock, log: pino({ level: 'silent' }) })
  await context.db.close()
}

function folder(): string {
  const made = newFolder('upgrade')
  onTestFinished(() => rmSync(made, { recursive: true }))
  return made
}

/** The seed register with an edit that changes what it is found by, and who takes part. */
async function edited(): Promise<TestApp> {
  const app = await testApp({ seeds: true })
  app.clock.set('2026-11-23T13:00:00.000Z')
  const analyst = await app.logIn('analyst')
  const form = {
    title: 'Ünusual title',
    kind: 'loan',
    sector: 'ports',
    party_name: ['STG Engineering', 'Syrian Arab Republic'],
    party_type: ['company', 'state'],
    party_country: ['RU', 'SY'],
    party_role: ['investor', 'grantor'],
    version: '4',
    reason: 'x',
  }
  await analyst.post('/agreements/RUS-SYR-2019-1/edit').type('form').send(form).expect(303)
  return app
}

test('what is worked out from the history is the same when it is rebuilt', async () => {
  const app = await edited()
  const file = app.context.db.name
  const before = derivedOf(file)
  const copy = join(folder(), 'clausula.db')
  new SqliteConnection(file).pragma('wal_checkpoint(truncate)')
  copyFileSync(file, copy)
  const db = new SqliteConnection(copy)
  for (const table of Object.keys(DERIVED)) db.exec(`delete from ${table}`)
  db.exec("insert into settings (key, value) values ('rebuild', 'test')")
  db.close()
  await open(copy)
  expect(derivedOf(copy)).toEqual(before)
  expect((await verifyRegister(`sqlite:${copy}`)).fault).toBeNull()
})

test('a register of the first version is brought up to date with all that it holds', async () => {
  const app = await edited()
  const file = app.context.db.name
  const old = join(folder(), 'clausula.db')
  await makeOld(file, old)
  await open(old)
  expect(derivedOf(old)).toEqual(derivedOf(file))
  expect((await verifyRegister(`sqlite:${old}`)).fault).toBeNull()
  expect(foundIn(old, 'unusual')).toBe(1)
  expect(foundIn(old, 'طرطوس')).toBe(foundIn(file, 'طرطوس'))
})

/** In how many texts the search index finds a word. */
function foundIn(file: string, word: string): unknown {
  const db = new SqliteConnection(file, { readonly: true })
  const count = db.prepare("select count(*) from agreement_search where agreement_search match 'words : ' || ?").pluck()
  try {
    return count.get(word)
  } finally {
    db.close()
  }
}

/** The tables of the first migration, filled with what they share with today's. */
async function makeOld(file: string, old: string): Promise<void> {
  const db = new SqliteConnection(old)
  const kysely = new Kysely<unknown>({ dialect: new SqliteDialect({ database: db }) })
  const migrator = new Migrator({
    db: kysely,
    provider: { getMigrations: async () => ({ '0001-register': register }) },
  })
  expect((await migrator.migrateToLatest()).error).toBeUndefined()
  db.pragma('foreign_keys = off')
  db.exec(`attach '${file}' as today`)
  const tables = db
    .prepare(
      "select name from main.sqlite_master where type = 'table' and name not like '%search%' and name not like 'kysely%'",
    )
    .pluck()
    .all() as string[]
  for (const table of tables) {
    const columns = (db.pragma(`main.table_info(${table})`) as { name: string }[]).map(({ name }) => name).join(', ')
    db.exec(`insert into main.${table} (${columns}) select ${columns} from today.${table}`)
  }
  db.close()
}
