import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../support/test-app.ts'
import { connectionTo, lastWords, SHORT, stalledReader, writeAtLength } from '../support/sockets.ts'

const HEAD = 'GET /agreements HTTP/1.1\r\nHost: register\r\n'
const FORM = 'POST /login HTTP/1.1\r\nHost: register\r\nContent-Type: application/x-www-form-urlencoded\r\n'

let app: TestApp
beforeAll(async () => {
  const limits = { headersMs: 40, requestMs: 80, keepAliveMs: 20, silentMs: 300, checkMs: 10, headerBytes: 4_096 }
  app = await startTestApp({ seeds: true, limits })
})
afterAll(() => app.stop())

test.each([
  ['that says nothing', ''],
  ['that says half a word', 'GE'],
  ['whose headers never end', HEAD],
  ['whose headers come again and again', `${HEAD}${'X-More: 1\r\n'.repeat(20)}`],
  ['whose body never comes', `${FORM}Content-Length: 100\r\n\r\n`],
  ['whose body ends half-way', `${FORM}Content-Length: 100\r\n\r\nemail=a`],
  ['whose body is a chunk that never ends', `${FORM}Transfer-Encoding: chunked\r\n\r\n5\r\nemail`],
])('a request %s is told so (408), and its connection is closed', async (_what, beginning) => {
  const socket = await connectionTo(app.url)
  socket.write(beginning)
  expect(await lastWords(socket)).toMatch(/^HTTP\/1\.1 408 /)
})

test('a connection between two requests is closed', async () => {
  const socket = await connectionTo(app.url)
  socket.write(`${HEAD}\r\n`)
  expect(await lastWords(socket)).toMatch(/^HTTP\/1\.1 200 /)
})

test('a reader who does not take a page is let go', async () => {
  // A page is kept whole by the system: only what is larger than that waits for its reader.
  await writeAtLength(app)
  await app.reader.get(`/agreements.csv?q=${SHORT}`).expect(200)
  const socket = await stalledReader(app.url, '/agreements.csv')
  while ((await app.connections()) > 0) await setImmediate()
  socket.resume()
  expect(await lastWords(socket)).not.toContain('\r\n0\r\n\r\n')
})

test('an address or a header that is longer than headers may be is refused (431)', async () => {
  for (const beginning of [
    `GET /agreements?q=${'x'.repeat(4_096)} HTTP/1.1\r\nHost: register\r\n\r\n`,
    `${HEAD}X-Long: ${'x'.repeat(4_096)}\r\n\r\n`,
    `${HEAD}${'X-Many: 1\r\n'.repeat(1_000)}\r\n`,
  ]) {
    const socket = await connectionTo(app.url)
    socket.write(beginning)
    expect(await lastWords(socket)).toMatch(/^HTTP\/1\.1 431 /)
  }
})

test('an answer that takes longer to be made than a connection may be silent is waited for', async () => {
  const analyst = await app.logIn('analyst')
  const holding = Promise.withResolvers<void>()
  const held = app.context.db.transaction(() => holding.promise)
  const source = { source_title: 'A paper', source_url: 'https://example.org/paper' }
  const answer = analyst
    .post('/sources')
    .type('form')
    .send(source)
    .then(({ status }) => status)
  while ((await app.connections()) === 0) await setImmediate()
  // One after the other is closed after a while, which together is longer.
  for (let silent = 0; silent < 12; silent += 1) await lastWords(await connectionTo(app.url))
  holding.resolve()
  await held
  expect(await answer).toBe(303)
})
