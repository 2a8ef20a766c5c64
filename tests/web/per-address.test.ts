import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { connectionTo, stalledReader, writeAtLength } from '../support/sockets.ts'
import { testApp } from '../support/test-app.ts'

test('an address has so many requests under way at once; the next is told to come again, others are answered', async () => {
  const app = await testApp({ seeds: true, limits: { perAddress: 2 } })
  await writeAtLength(app)
  const first = await stalledReader(app.url, '/agreements.csv')
  await stalledReader(app.url, '/agreements.json')
  const { headers, text } = await app.reader.get('/agreements').expect(429)
  expect(headers['retry-after']).toBe('10')
  expect(text).toContain('has 2 requests under way here')
  expect((await app.reader.get('/agreements.csv').expect(429)).text).toMatch(/^Your network address/)
  await app.reader.post('/login').type('form').send({ email: 'a' }).expect(429)

  await app.reader.get('/healthz').expect(200)
  await app.reader.get('/assets/icon.svg').expect(200)
  const elsewhere = await connectionTo(app.url, { localAddress: '127.0.0.2' })
  elsewhere.write('GET /agreements HTTP/1.1\r\nHost: register\r\n\r\n')
  const [answer] = (await once(elsewhere, 'data')) as [Buffer]
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /)

  first.destroy()
  while ((await app.reader.get('/agreements')).status === 429) await setImmediate()
  await app.reader.get('/agreements').expect(200)
  expect(app.errors).toEqual([])
})

test('requests that were sent behind each other on one connection count as many', async () => {
  const app = await testApp({ seeds: true, limits: { perAddress: 3 } })
  const socket = await connectionTo(app.url)
  let said = ''
  socket.on('data', (chunk: Buffer) => (said += chunk.toString()))
  socket.write('GET /changes HTTP/1.1\r\nHost: register\r\n\r\n'.repeat(9))
  socket.write('GET /changes HTTP/1.1\r\nHost: register\r\nConnection: close\r\n\r\n')
  await once(socket, 'close')
  expect(said.match(/HTTP\/1\.1 \d+/g)).toHaveLength(10)
  expect(said.match(/HTTP\/1\.1 429/g)?.length).toBeGreaterThan(0)
  await app.reader.get('/changes').expect(200)
})

test('who sends several behind each other and goes away has none under way any more', async () => {
  const app = await testApp({ seeds: true, limits: { perAddress: 3 } })
  await writeAtLength(app)
  const socket = await connectionTo(app.url)
  socket.write('GET /agreements.json HTTP/1.1\r\nHost: register\r\n\r\n'.repeat(3))
  await once(socket, 'data')
  socket.pause()
  await app.reader.get('/agreements').expect(429)
  socket.destroy()
  while ((await app.connections()) > 0) await setImmediate()
  await app.reader.get('/agreements').expect(200)
  expect(app.errors).toEqual([])
})
