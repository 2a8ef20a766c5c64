import { once } from 'node:events'
import { statSync } from 'node:fs'
import type { Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import SqliteConnection from 'better-sqlite3'
import { sql } from 'kysely'
import { expect, inject, test } from 'vitest'
import type { Limits } from '../../src/limits.ts'
import { testOnSqlite } from '../support/databases.ts'
import { connectionTo, lastWords, SHORT, stalledReader, writeAtLength } from '../support/sockets.ts'
import { testApp, type TestApp } from '../support/test-app.ts'

const LONG = 600_000

/** A register whose exports are larger than what the system keeps for a reader. */
async function largeRegister(limits: Partial<Limits>): Promise<TestApp> {
  const app = await testApp({ seeds: true, limits: { pieceMs: LONG, exportMs: LONG, exportsWaitMs: LONG, ...limits } })
  await writeAtLength(app)
  return app
}

const file = (app: TestApp) => app.context.config.databaseUrl.slice('sqlite:'.length)

/** Takes what comes drop by drop. */
async function takeDrops(socket: Socket): Promise<void> {
  while (!socket.closed) {
    socket.read(16)
    await setImmediate()
  }
}

/** Whether somebody reads a state of the register that is not the newest any more. */
async function isHeld(app: TestApp): Promise<boolean> {
  const { db } = app.context
  if (inject('engine') === 'postgres') {
    const { rows } = await sql<{ open: number }>`select count(*) as open from pg_stat_activity
      where datname = current_database() and state = 'idle in transaction'`.execute(db.read)
    return rows[0]?.open !== 0
  }
  await db.transaction((trx) => trx.updateTable('agreements').set({ lead: 'Ada' }).execute())
  // The log cannot begin anew while somebody reads what it held before.
  const other = new SqliteConnection(file(app), { timeout: 0 })
  const [{ busy } = { busy: 1 }] = other.pragma('wal_checkpoint(truncate)') as { busy: number }[]
  other.close()
  return busy === 1
}

test.each(['/agreements.csv', '/agreements.json'])(
  'a reader of %s who takes nothing is let go: what was read for them is closed, and the next has a turn',
  async (path) => {
    const app = await largeRegister({ exports: 1, pieceMs: 40 })
    const socket = await stalledReader(app.url, path)
    expect(await isHeld(app)).toBe(true)
    await app.reader.get(`/agreements.json?q=${SHORT}`).expect(200)
    expect(await isHeld(app)).toBe(false)
    socket.resume()
    expect(await lastWords(socket)).not.toContain('\r\n0\r\n\r\n')
  },
)

test('who takes a little now and then does not keep a download for ever', async () => {
  const app = await largeRegister({ exports: 1, exportMs: 60 })
  const socket = await connectionTo(app.url)
  socket.write('GET /agreements.json HTTP/1.1\r\nHost: register\r\n\r\n')
  await once(socket, 'data')
  socket.pause()
  const taking = takeDrops(socket)
  await app.reader.get(`/agreements.csv?q=${SHORT}`).expect(200)
  expect(await isHeld(app)).toBe(false)
  socket.destroy()
  await taking
})

test('a reader who goes away ends the download, also one who waits for their turn', async () => {
  const app = await largeRegister({ exports: 1, exportsWaiting: 2 })
  const first = await stalledReader(app.url, '/agreements.csv')
  const waiting = await connectionTo(app.url)
  waiting.write('GET /agreements.csv HTTP/1.1\r\nHost: register\r\n\r\n')
  const next = app.reader.get('/agreements.csv').then((answer) => answer.status)
  waiting.destroy()
  first.destroy()
  expect(await next).toBe(200)
  expect(await isHeld(app)).toBe(false)
  expect(app.errors).toEqual([])
})

test('more downloads than there are places are told to come again, in words, and pages are answered meanwhile', async () => {
  const app = await largeRegister({ exports: 2, exportsWaiting: 0 })
  const first = await stalledReader(app.url, '/agreements.csv')
  await stalledReader(app.url, '/agreements.json')
  const { headers, text } = await app.reader.get('/changes.csv').expect(503)
  expect(headers['retry-after']).toBe('10')
  expect(headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(headers).not.toHaveProperty('content-disposition')
  expect(text).toContain('try again in a moment')
  await app.reader.get('/agreements').expect(200)
  await app.reader.head('/agreements.csv').expect(503)
  first.destroy()
  while ((await app.reader.get('/changes.csv')).status === 503) await setImmediate()
  expect(app.errors).toEqual([])
})

test('who waits too long for a place is told so', async () => {
  const app = await largeRegister({ exports: 1, exportsWaitMs: 10 })
  await stalledReader(app.url, '/agreements.csv')
  await app.reader.get('/agreements.json').expect(503)
})

testOnSqlite('the write-ahead log is cut again after a reader who kept it', async () => {
  const app = await largeRegister({ exports: 1, walBytes: 100_000 })
  const log = () => statSync(`${file(app)}-wal`).size
  const socket = await stalledReader(app.url, '/agreements.json')
  for (const sign of ['a', 'b', 'c'])
    await app.context.db.transaction((trx) =>
      trx
        .updateTable('agreements')
        .set({ summary: sign.repeat(100_000) })
        .execute(),
    )
  expect(log()).toBeGreaterThan(5_000_000)
  socket.destroy()
  await app.reader.get('/agreements.csv').expect(200)
  await app.context.db.transaction(async () => {})
  expect(log()).toBeLessThanOrEqual(100_000)
})
