import { childrenOf } from '../support/processes.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { emptyDatabase, type TestDatabase } from '../support/databases.ts'
import { statusForm } from '../support/forms.ts'
import { command } from '../support/program.ts'
import {
  addAccount,
  enterAgreement,
  logInAt,
  PASSWORD,
  type RunningServer,
  startServer,
  startServers,
} from '../support/servers.ts'
import { testOnSqlite } from '../support/databases.ts'

const PROCESSES = 4

let database: TestDatabase
let url: string
beforeAll(async () => {
  database = await emptyDatabase()
  url = database.url
  await command(url, 'seed')
  for (let person = 1; person <= PROCESSES; person += 1) await addAccount(url, `ada${person}@example.org`, 'analyst')
})
afterAll(() => database.remove())

/** As many connections to the servers that several people use at once come to several processes. */
const people = (servers: RunningServer[]) =>
  Promise.all(servers.map((server, index) => logInAt(server.url, `ada${index + 1}@example.org`)))

describe('several processes on one register', () => {
  let servers: RunningServer[] = []
  const ends: (() => Promise<void>)[] = []
  beforeAll(async () => {
    servers = await startServers(url, PROCESSES, (end) => ends.push(end))
  })
  afterAll(async () => {
    const codes = []
    for (const server of new Set(servers)) codes.push(await server.stop())
    for (const end of ends) await end()
    expect(new Set(codes)).toEqual(new Set([0]))
    expect((await command(url, 'verify')).out).toContain('all follow from the history')
    expect(servers.map((server) => server.said()).join('')).not.toContain('"level":50')
  })

  test('write one history, tell whoever comes second, and show at once what any of them wrote', async () => {
    const analysts = await people(servers)
    const contested = await enterAgreement(analysts[0] as (typeof analysts)[0], 'Contested by all')
    const written = await Promise.all(
      analysts.map(async (analyst, who) => {
        const addresses = []
        for (let number = 1; number <= 10; number += 1) {
          const address = await enterAgreement(analyst, `Treaty ${who} ${number}`)
          addresses.push(address)
          // Whatever process answers knows it already: its dossier, its count, its place in the export.
          const other = analysts[(who + number) % PROCESSES]
          await other?.get(address).expect(200)
          const found = await other?.get(`/agreements?q=${encodeURIComponent(`treaty ${who} ${number}`)}`).expect(200)
          expect(found?.text).toContain(address)
          await analyst.post(`${address}/status`).type('form').send(statusForm()).expect(303)
        }
        return addresses
      }),
    )
    const all = written.flat()
    expect(new Set(all).size).toBe(PROCESSES * 10)
    // What a reader keeps is not taken for the present by any of them.
    const kept = await Promise.all(servers.map(({ url: at }) => fetch(`${at}/agreements?q=one+more`)))
    await enterAgreement(analysts[1] as (typeof analysts)[0], 'One more')
    for (const [index, { headers }] of kept.entries()) {
      const again = await fetch(`${servers[index]?.url}/agreements?q=one+more`, {
        headers: { 'If-None-Match': headers.get('etag') ?? '', connection: 'close' },
      })
      expect([again.status, (await again.text()).includes('One more')]).toEqual([200, true])
    }
    const answers = await Promise.all(
      analysts.map((analyst) => analyst.post(`${contested}/status`).type('form').send(statusForm())),
    )
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409, 409, 409])
    for (const analyst of analysts) {
      const { text } = await analyst.get('/agreements').expect(200)
      expect(text).toContain(`${45 + 2 + all.length} agreements`)
    }
    const { out } = await command(url, 'verify')
    expect(out).toContain(`${45 + 2 + all.length} agreements`)
  })

  test('share sessions: who logged in at one is known to all, and who logged out to none', async () => {
    const [first] = servers
    const body = new URLSearchParams({ email: 'ada1@example.org', password: PASSWORD })
    const loggedIn = await fetch(`${first?.url}/login`, { method: 'POST', body, redirect: 'manual' })
    const cookie = loggedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const known = async () => {
      const statuses = []
      for (const server of servers)
        for (let connection = 0; connection < 3; connection += 1) {
          const headers = { cookie, connection: 'close' }
          statuses.push((await fetch(`${server.url}/account`, { headers, redirect: 'manual' })).status)
        }
      return [...new Set(statuses)]
    }
    expect(await known()).toEqual([200])
    await fetch(`${first?.url}/logout`, { method: 'POST', headers: { cookie }, redirect: 'manual' })
    expect(await known()).toEqual([303])
  })

  test('share the limit of attempts to log in', async () => {
    const attempt = async (index: number, password: string) => {
      const body = new URLSearchParams({ email: 'ada2@example.org', password })
      const server = servers[index % PROCESSES]
      const headers = { connection: 'close' }
      return (await fetch(`${server?.url}/login`, { method: 'POST', body, headers, redirect: 'manual' })).status
    }
    const statuses = []
    for (let index = 0; index < 10; index += 1) statuses.push(await attempt(index, 'wrong'))
    expect(new Set(statuses)).toEqual(new Set([422]))
    for (let index = 0; index < PROCESSES; index += 1) expect(await attempt(index, PASSWORD)).toBe(429)
  })

  test('start at once on an empty database, and one of them fills it', async () => {
    const empty = await emptyDatabase()
    const starting = Array.from({ length: 3 }, () => startServer(empty.url, { CLAUSULA_SEEDS: 'default' }))
    const servers = await Promise.all(starting)
    for (const server of servers) expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    for (const server of servers) await server.stop()
    expect((await command(empty.url, 'verify')).out).toContain('45 agreements')
    await empty.remove()
  })
})

testOnSqlite('a worker that dies is replaced, and a stop lets the others finish', async () => {
  const server = await startServer(url, { CLAUSULA_WORKERS: '2' })
  const analyst = await logInAt(server.url, 'ada1@example.org')
  const workers = () => childrenOf(server.pid)
  const [first, second] = workers()
  process.kill(first ?? 0, 'SIGKILL')
  await server.says(/another takes its place/)
  // Whoever is left answers meanwhile, and everything that was written is there.
  await enterAgreement(analyst, 'After a death')
  while (workers().filter((pid) => pid !== second).length === 0) await fetch(`${server.url}/healthz`)
  expect(workers()).not.toContain(first)
  const slow = fetch(`${server.url}/agreements.csv`)
  const response = await slow
  const stopped = server.stop()
  expect((await response.text()).split('\r\n').length).toBeGreaterThan(45)
  expect(await stopped).toBe(0)
  await expect(fetch(server.url)).rejects.toThrow(/fetch failed/)
})

test('a port that is taken stops the start of all workers, in one line', async () => {
  const server = await startServer(url)
  const port = new URL(server.url).port
  await expect(startServer(url, { CLAUSULA_WORKERS: '2', PORT: port })).rejects.toThrow(/something else listens there/)
})
