import { setImmediate } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { Abandoned } from '../../src/errors.ts'
import { administer } from '../support/databases.ts'
import { connectionTo } from '../support/sockets.ts'
import { testApp, type TestApp } from '../support/test-app.ts'

/** How many statements wait for a lock. */
async function waiting(app: TestApp): Promise<number> {
  let found = 0
  await administer(async (client) => {
    const { rows } = await client.query<{ found: string }>(
      `select count(*) as found from pg_stat_activity where datname = $1 and wait_event_type = 'Lock'`,
      [new URL(app.context.config.databaseUrl).pathname.slice(1)],
    )
    found = Number(rows[0]?.found)
  })
  return found
}

async function until(app: TestApp, count: number): Promise<void> {
  while ((await waiting(app)) !== count) await setImmediate()
}

/** Lets everything wait that asks a table, as long as `work` is at it. */
async function whileLocked(app: TestApp, work: () => Promise<void>, table = 'agreements'): Promise<void> {
  await administer(async (client) => {
    await client.query('begin')
    await client.query(`lock table ${table} in access exclusive mode`)
    await work()
    await client.query('rollback')
  }, app.context.config.databaseUrl)
}

async function ask(app: TestApp, path: string) {
  const socket = await connectionTo(app.url)
  socket.write(`GET ${path} HTTP/1.1\r\nHost: register\r\n\r\n`)
  return socket
}

test('a statement that nobody waits for any more is stopped on the server, and its connection is not lent again', async () => {
  const app = await testApp({ limits: { readingMs: 0 } })
  const { read } = app.context.db
  const leaving = new AbortController()
  const asking = Promise.withResolvers<unknown>()
  const askLocked = () =>
    asking.resolve(sql`select count(*) from agreements`.execute(read).catch((error: unknown) => error))
  await whileLocked(app, async () => {
    app.context.db.askUntil(leaving.signal, askLocked)
    await until(app, 1)
    leaving.abort()
    expect(await asking.promise).toBeInstanceOf(Abandoned)
    await until(app, 0)
  })
})

test.each([
  ['/agreements', 'agreements'],
  ['/agreements.csv', 'agreements'],
  ['/changes', 'agreements'],
  ['/agreements/RUS-SYR-2019-1', 'agreements'],
  ['/', 'standings'],
])('a reader of %s who goes away takes the statement with them, and the next is answered', async (path, table) => {
  const app = await testApp({ seeds: true })
  await whileLocked(
    app,
    async () => {
      const socket = await ask(app, path)
      await until(app, 1)
      socket.destroy()
      await until(app, 0)
    },
    table,
  )
  await app.reader.get(path).expect(200)
  expect(app.errors).toEqual([])
})

test('thirty who ask and go away leave the register to the others', async () => {
  const app = await testApp({ seeds: true })
  await whileLocked(app, async () => {
    const sockets = await Promise.all(
      Array.from({ length: 30 }, (_, index) => ask(app, `/agreements?page=${index + 1}&q=x${index}`)),
    )
    await until(app, 8)
    for (const socket of sockets) socket.destroy()
    await until(app, 0)
    await app.reader.get('/healthz').expect(200)
  })
  await app.reader.get('/agreements').expect(200)
  expect(app.errors).toEqual([])
})

test('who asked the same as somebody who went away is answered', async () => {
  const app = await testApp({ seeds: true })
  let second: Promise<number> | undefined
  await whileLocked(app, async () => {
    const socket = await ask(app, '/agreements')
    await until(app, 1)
    second = app.reader.get('/agreements').then(({ status }) => status)
    while ((await app.connections()) < 2) await setImmediate()
    socket.destroy()
  })
  expect(await second).toBe(200)
  expect(app.errors).toEqual([])
})

test('reading that takes too long is stopped, and told in words', async () => {
  const app = await testApp({ seeds: true, limits: { readingMs: 30, exportReadingMs: 30 } })
  const analyst = await app.logIn('analyst')
  await whileLocked(app, async () => {
    const { headers, text } = await app.reader.get('/agreements').expect(503)
    expect(headers['retry-after']).toBe('10')
    expect(text).toContain('takes the register’s database too long')
    expect((await app.reader.get('/agreements.csv').expect(503)).text).toContain('Ask for less')
  })
  expect(app.errors).toEqual([])
  await analyst.get('/agreements').expect(200)
})
