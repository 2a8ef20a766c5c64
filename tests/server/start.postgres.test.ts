import type { ClientBase } from 'pg'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { refuseOld } from '../../src/database/engines/postgres/failure.ts'
import { administer, emptyDatabase } from '../support/databases.ts'
import { agreementForm } from '../support/forms.ts'
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts'
import { command, ended, program } from '../support/program.ts'
import { addAccount, enterAgreement, logInAt, startServer } from '../support/servers.ts'

async function database(): Promise<string> {
  const empty = await emptyDatabase()
  onTestFinished(() => empty.remove())
  return empty.url
}

async function query(url: string, statement: string): Promise<void> {
  await administer(async (client: ClientBase) => void (await client.query(statement)), url)
}

/** An address with something else in one of its places. */
function changed(url: string, change: (parts: URL) => void): string {
  const parts = new URL(url)
  change(parts)
  return parts.href
}

/** The one line of a start that fails. */
async function refusal(url: string): Promise<string> {
  const { code, out, err } = await ended(program('src/main.ts', [], { DATABASE_URL: url }))
  expect([code, out, err.trim().split('\n').length]).toEqual([1, '', 1])
  // No password ever reaches a screen or a log.
  expect(decodeURIComponent(err)).not.toContain(decodeURIComponent(new URL(inject('databases')).password))
  return err
}

describe('the server does not start, and says why in one line', () => {
  test.each([
    ['a server that does not run', (parts: URL) => (parts.port = '1'), /nothing answers at 127\.0\.0\.1:1;/],
    ['a host that is none', (parts: URL) => (parts.hostname = 'no-host.invalid'), /there is no host of that name/],
    ['a wrong password', (parts: URL) => (parts.password = 'wrong'), /does not let “postgres” in/],
    ['an unknown account', (parts: URL) => (parts.username = 'nobody'), /does not let “nobody” in/],
    ['a database that is not there', (parts: URL) => (parts.pathname = '/none'), /has no database “none”/],
    ['no database', (parts: URL) => (parts.pathname = '/'), /DATABASE_URL names no database/],
    [
      'another protocol',
      (parts: URL) => (parts.href = parts.href.replace('postgres:', 'mysql:')),
      /DATABASE_URL must be/,
    ],
  ])('with %s', async (_what, change, message) => {
    const to = inject('databases')
    const wrong = new URL(to)
    change(wrong)
    expect(await refusal(wrong.href.startsWith('postgres:') ? wrong.href : to.replace('postgres:', 'mysql:'))).toMatch(
      message,
    )
  })

  test('in a database with the tables of another program, which stay as they are', async () => {
    const url = await database()
    await query(url, 'create table invoices (id int)')
    expect(await refusal(url)).toContain('holds the tables of another program; nothing was changed in it')
    await query(url, 'insert into invoices values (1)')
  })

  test('in a database that a newer program made', async () => {
    const url = await database()
    await command(url, 'migrate')
    await query(url, "insert into kysely_migration values ('9999-future', '2030-01-01')")
    expect(await refusal(url)).toContain('made by a newer Clausula')
  })

  test('without the right to make tables', async () => {
    const url = await database()
    const name = `guest_${process.pid}`
    await query(url, `create role ${name} login password 'let me in'`)
    onTestFinished(() => query(inject('databases'), `drop role ${name}`))
    const asGuest = changed(url, (parts) => {
      parts.username = name
      parts.password = 'let me in'
    })
    expect(await refusal(asGuest)).toMatch(new RegExp(`“${name}” may not do that`))
  })

  test('where the database can only be read', async () => {
    const url = await database()
    await query(url, `alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = on`)
    expect(await refusal(url)).toContain('it can only be read')
  })

  test('on a release that is too old', () => {
    expect(() => refuseOld('postgres://a:b@c/d', 140_012)).toThrow(
      /postgres:\/\/a:\*\*\*@c\/d cannot be used: it is PostgreSQL 14\.12; this program needs 15 or later/,
    )
    expect(() => refuseOld('postgres://a:b@c/d', 150_000)).not.toThrow()
  })
})

test('other schemas and the views of extensions are not in the way', async () => {
  const url = await database()
  await query(url, 'create schema other; create table other.invoices (id int); create view seen as select 1 as one')
  expect((await command(url, 'migrate')).code).toBe(0)
})

describe('a server whose PostgreSQL goes away', () => {
  let postgres: PostgresServer
  beforeAll(async () => {
    postgres = await startPostgres()
    await command(postgres.url('postgres'), 'seed')
    await addAccount(postgres.url('postgres'), 'ada@example.org', 'analyst')
  })
  afterAll(() => postgres.remove())

  test('says so meanwhile, loses nothing that it said was recorded, and goes on once it is back', async () => {
    const server = await startServer(postgres.url('postgres'))
    const ada = await logInAt(server.url, 'ada@example.org')
    const reader = supertest.agent(server.url)
    const address = await enterAgreement(ada, 'Before the failure')
    await postgres.stop()
    for (let asked = 0; asked < 5; asked += 1) {
      expect((await reader.get('/agreements').expect(503)).text).toContain('database does not answer')
      await reader.get('/agreements.csv').expect(503)
      await reader.get('/healthz').expect(503)
      await ada.post('/agreements').type('form').send(agreementForm()).expect(503)
    }
    await postgres.start()
    await reader.get('/healthz').expect(200)
    await ada.get(address).expect(200)
    await enterAgreement(ada, 'After the failure')
    expect((await reader.get('/agreements').expect(200)).text).toContain('47 agreements')
    expect(await server.stop()).toBe(0)
    expect((await command(postgres.url('postgres'), 'verify')).out).toContain('47 agreements')
  })

  test('in the middle of exports and changes breaks those off, and the server lives', async () => {
    const server = await startServer(postgres.url('postgres'))
    const ada = await logInAt(server.url, 'ada@example.org')
    const until = new AbortController()
    const asking = Array.from({ length: 8 }, async (_one, index) => {
      const statuses = new Set<number>()
      while (!until.signal.aborted) {
        const asked =
          index % 2 === 0
            ? ada.get('/agreements.csv?known_at=2026-11-24')
            : ada
                .post('/agreements')
                .type('form')
                .send(agreementForm({ status: 'active', status_since: '2020' }))
        statuses.add(await asked.then(({ status }) => status).catch(() => 0))
      }
      return statuses
    })
    await ada.get('/agreements').expect(200)
    await postgres.stop()
    await ada.get('/healthz').expect(503)
    await postgres.start()
    await ada.get('/healthz').expect(200)
    until.abort()
    const statuses = new Set((await Promise.all(asking)).flatMap((one) => [...one]))
    expect([...statuses].filter((status) => ![0, 200, 303, 503].includes(status))).toEqual([])
    expect(await server.stop()).toBe(0)
    expect((await command(postgres.url('postgres'), 'verify')).out).toContain('all follow from the history')
  })
})
