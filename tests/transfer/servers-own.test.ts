import { createHash } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import SqliteConnection from 'better-sqlite3'
import supertest from 'supertest'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { issueSetupToken } from '../../src/accounts/setup.ts'
import { bringIntoEffect } from '../../src/positions/take-effect.ts'
import { describeOnSqlite, testOnSqlite } from '../support/databases.ts'
import { command } from '../support/program.ts'
import { PASSWORD, testApp } from '../support/test-app.ts'
import { engines, fileIn, openRegister, target } from './registers.ts'

// Who is logged in, the secret that signs cookies and one-time links belong to the servers: nothing that leaves the register has them.

const register = openRegister()
const file = (name: string) => fileIn(register, name)
const ADA = 'ada@example.org'

/** What nobody may find in what was handed on. */
const secrets: string[] = []
let cookie = ''

const logIn = (url: string, email = ADA) =>
  supertest(url).post('/login').type('form').send({ email, password: PASSWORD }).expect(303)
const cookieOf = (headers: Record<string, unknown>) => (headers['set-cookie'] as string[]).join().split(';')[0] ?? ''
const idHashes = async () =>
  (await register.app.context.db.read.selectFrom('sessions').select('id_hash').execute()).map(({ id_hash }) => id_hash)

beforeAll(async () => {
  const { app } = register
  const { db } = app.context
  await bringIntoEffect(app.context)
  const admin = await app.logIn('admin', 'Root')
  await admin
    .post('/admin/users')
    .type('form')
    .send({ email: ADA, name: 'Ada', role: 'analyst', password: PASSWORD })
    .expect(303)
  // One that has ended is in no page of a file either.
  const ended = await logIn(app.url)
  secrets.push(...(await idHashes()))
  await supertest(app.url).post('/logout').set('Cookie', cookieOf(ended.headers)).expect(303)
  cookie = cookieOf((await logIn(app.url)).headers)
  await supertest(app.url).post('/login').type('form').send({ email: ADA, password: 'wrong' }).expect(422)
  const failures = await db.read.selectFrom('log_in_failures').select('key').execute()
  const token = await issueSetupToken(db)
  const settings = await db.read.selectFrom('settings').select(['key', 'value']).execute()
  secrets.push(
    ...(await idHashes()),
    ...failures.map(({ key }) => key),
    token,
    createHash('sha256').update(token).digest('hex'),
    ...settings.filter(({ key }) => key === 'cookie_secret').map(({ value }) => value),
  )
  expect(secrets.length).toBeGreaterThan(6)
})

const found = (bytes: string) => secrets.filter((secret) => bytes.includes(secret))

/** What is left of the servers in a database. */
async function leftIn(url: string): Promise<string[]> {
  const own = await testApp({ env: { DATABASE_URL: url } })
  const { db } = own.context
  const sessions = await db.read.selectFrom('sessions').select('id_hash as secret').execute()
  const failures = await db.read.selectFrom('log_in_failures').select('key as secret').execute()
  const settings = await db.read.selectFrom('settings').select('value as secret').execute()
  const left = [...sessions, ...failures, ...settings].map(({ secret }) => secret)
  // It was opened, so that it has a secret of its own; who was logged in is not, and logs in with the same password.
  await supertest(own.url).get('/account').set('Cookie', cookie).expect(303)
  const anew = cookieOf((await logIn(own.url)).headers)
  await supertest(own.url).get('/account').set('Cookie', anew).expect(200)
  await own.close()
  return left.filter((secret) => secrets.includes(secret))
}

test('the cookie opens the register itself', async () => {
  await supertest(register.app.url).get('/account').set('Cookie', cookie).expect(200)
})

describe.each(engines())('to %s', (engine) => {
  test('a dump takes nothing along, and opens no session when it is restored', async () => {
    const dump = file(`own-${engine}.jsonl.gz`)
    expect((await command(register.url, 'backup', dump)).code).toBe(0)
    expect(found(gunzipSync(readFileSync(dump)).toString())).toEqual([])
    const to = await target(engine)
    expect((await command(to, 'restore', dump)).code).toBe(0)
    expect(await leftIn(to)).toEqual([])
  })

  test('a copy takes nothing along', async () => {
    const to = await target(engine)
    expect((await command(register.url, 'copy', '--from', register.url, '--to', to)).code).toBe(0)
    expect(await leftIn(to)).toEqual([])
  })

  test('a dump of the first format, which had them, is restored without', async () => {
    const dump = file(`second-${engine}.jsonl.gz`)
    await command(register.url, 'backup', dump)
    const to = await target(engine)
    writeFileSync(dump, gzipSync(await asFirstFormat(gunzipSync(readFileSync(dump)).toString())))
    const { code, err } = await command(to, 'restore', dump)
    expect([code, err.includes('sessions')]).toEqual([0, false])
    expect(await leftIn(to)).toEqual([])
  })
})

/** The same dump as it was written before: with sessions and every setting. */
async function asFirstFormat(text: string): Promise<string> {
  const { read } = register.app.context.db
  const sessions = await read.selectFrom('sessions').selectAll().orderBy('id_hash').execute()
  const settings = await read.selectFrom('settings').selectAll().where('key', '!=', 'writer').orderBy('key').execute()
  const lines = text
    .split('\n')
    .slice(0, -2)
    .map((line): unknown => JSON.parse(line))
  const heading = lines[0] as { format: number; counts: Record<string, number> }
  Object.assign(heading, { format: 1 })
  Object.assign(heading.counts, { sessions: sessions.length, settings: settings.length })
  const place = lines.findIndex((line) => (line as { table?: string }).table === 'settings')
  const rows = (of: object[]) => of.map((row) => Object.values(row))
  lines.splice(place, 2, { table: 'settings', columns: ['key', 'value'] }, ...rows(settings))
  lines.push({ table: 'sessions', columns: Object.keys(sessions[0] ?? {}) }, ...rows(sessions))
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  return `${body}${JSON.stringify({ sha256: createHash('sha256').update(body).digest('hex') })}\n`
}

describeOnSqlite('a SQLite file', () => {
  test.each(engines())('takes nothing along to %s, not even in a page that is free', async (engine) => {
    const backup = file(`own-${engine}.db`)
    expect((await command(register.url, 'backup', backup)).code).toBe(0)
    expect(found(readFileSync(backup, 'latin1'))).toEqual([])
    const to = await target(engine)
    expect((await command(to, 'restore', backup)).code).toBe(0)
    expect(await leftIn(to)).toEqual([])
  })

  test('that an earlier version backed up is restored without', async () => {
    const backup = file('earlier.db')
    const connection = new SqliteConnection(register.url.slice('sqlite:'.length), { readonly: true })
    await connection.backup(backup)
    connection.close()
    expect(found(readFileSync(backup, 'latin1'))).not.toEqual([])
    const to = await target('sqlite')
    expect((await command(to, 'restore', backup)).code).toBe(0)
    expect(modeOf(to.slice('sqlite:'.length))).toBe('600')
    expect(await leftIn(to)).toEqual([])
  })
})

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

describe('nobody else may read', () => {
  test('a dump', async () => {
    await command(register.url, 'backup', file('mode.jsonl.gz'))
    expect(modeOf(file('mode.jsonl.gz'))).toBe('600')
  })

  testOnSqlite('a register, what SQLite keeps beside it, its backup, and what is restored of that', async () => {
    const to = await target('sqlite')
    const path = to.slice('sqlite:'.length)
    const own = await testApp({ env: { DATABASE_URL: to } })
    await own.addUser('reader')
    expect(['', '-wal', '-shm'].map((ending) => modeOf(`${path}${ending}`))).toEqual(['600', '600', '600'])
    const backup = join(register.folder, 'mode.db')
    await command(to, 'backup', backup)
    expect(modeOf(backup)).toBe('600')
    for (const kind of ['mode.db', `${inject('engine')}-mode.jsonl.gz`]) {
      const restored = await target('sqlite')
      await command(restored, 'restore', join(register.folder, kind))
      expect([kind, modeOf(restored.slice('sqlite:'.length))]).toEqual([kind, '600'])
    }
  })
})
