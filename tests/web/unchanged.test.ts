import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bringIntoEffect } from '../../src/positions/take-effect.ts'
import { csvRows, seenIn } from '../support/asked.ts'
import { agreementForm, statusForm } from '../support/forms.ts'
import { type Agent, type Fields, startTestApp, testApp, type TestApp } from '../support/test-app.ts'
import { BESIDE } from './past.ts'

const PAGES = [
  '/',
  '/agreements',
  '/agreements?contested=yes&per_page=200',
  '/agreements?q=tartus',
  '/agreements?as_of=2025-02-01',
  '/agreements?known_at=2026-11-23T12:00:00Z',
  '/agreements/timeline',
  '/agreements/RUS-SYR-2019-1',
  '/agreements/RUS-SYR-2019-1/history',
  '/agreements/RUS-SYR-2019-1/claims',
  '/agreements/RUS-SYR-2019-1/compare',
  '/changes',
  '/compare?from=2024-12-08&to=2025-07-31',
  ...BESIDE,
]
const EXPORTS = [
  '/agreements.csv',
  '/agreements.csv?as_of=2025-02-01',
  '/agreements.json?status=annulled',
  '/agreements/RUS-SYR-2019-1/history.csv',
  '/changes.csv',
  '/compare.csv?from=2024-12-08&to=2025-07-31',
]
const FORMS = [
  '/agreements/new',
  '/agreements/RUS-SYR-2019-1/edit',
  '/agreements/RUS-SYR-2019-1/status',
  '/sources/1/edit',
]

let app: TestApp
let agents: Map<string, Agent>
beforeAll(async () => {
  app = await startTestApp({ seeds: true, now: '2026-11-23T13:00:00.000Z' })
  agents = new Map([['nobody', app.reader]])
  for (const role of ['reader', 'analyst', 'approver', 'admin'] as const) agents.set(role, await app.logIn(role))
})
afterAll(() => app.stop())

const tagOf = ({ headers }: { headers: Record<string, string> }) => headers['etag'] ?? ''
const withTag = (agent: Agent, path: string, tag: string) => agent.get(path).set('If-None-Match', tag)

describe('an answer that still holds', () => {
  test.each([...PAGES, ...EXPORTS])('is a 304 without a body for everybody: %s', async (path) => {
    for (const agent of agents.values()) {
      const first = await agent.get(path).expect(200)
      expect(tagOf(first)).toMatch(/^W\/"[\w-]{27}"$/)
      expect(first.headers['cache-control']).toBe('private, no-cache')
      const second = await withTag(agent, path, tagOf(first)).expect(304)
      expect([second.text, second.headers['etag']]).toEqual(['', tagOf(first)])
      expect(second.headers['content-length']).toBeUndefined()
      await withTag(agent, path, `"other", ${tagOf(first)}`).expect(304)
      await withTag(agent, path, '"other"').expect(200)
      await agent.head(path).set('If-None-Match', tagOf(first)).expect(304)
    }
  })

  test('is another one for each who asks', async () => {
    const tags = []
    for (const agent of agents.values()) tags.push(tagOf(await agent.get('/agreements').expect(200)))
    expect(new Set(tags).size).toBe(agents.size)
    const nobodys = tags[0] ?? ''
    await withTag(agents.get('admin') as Agent, '/agreements', nobodys).expect(200)
  })

  test('is asked for in vain once the account is another', async () => {
    const own = await testApp({ seeds: true })
    const admin = await own.logIn('admin')
    const analyst = await own.logIn('analyst')
    const tag = tagOf(await analyst.get('/agreements').expect(200))
    const { id } = await own.context.db.read
      .selectFrom('users')
      .select('id')
      .where('role', '=', 'analyst')
      .executeTakeFirstOrThrow()
    await admin.post(`/admin/users/${id}/role`).type('form').send({ role: 'reader' }).expect(303)
    expect((await withTag(analyst, '/agreements', tag).expect(200)).text).not.toContain('New agreement')
  })
})

describe('what is no answer of the register’s has no mark', () => {
  test.each([
    ['/agreements/RUS-SYR-1900-1', 404],
    ['/agreements?status=lost', 400],
    ['/agreements.csv?status=lost', 400],
    ['/nothing', 404],
    ['/login', 200],
    ['/assets/none', 404],
  ])('%s', async (path, status) => {
    const { headers } = await app.reader.get(path).expect(status)
    expect(headers['etag']).toBeUndefined()
  })

  test('a page that says something once', async () => {
    const own = await testApp({ seeds: true })
    const analyst = await own.logIn('analyst')
    const tag = tagOf(await analyst.get('/agreements').expect(200))
    const form = agreementForm({ status: 'active', status_since: '2020' })
    const { headers } = await analyst.post('/agreements').type('form').send(form).expect(303)
    const said = await withTag(analyst, headers['location'] ?? '', tag).expect(200)
    expect([said.headers['etag'], said.text.includes('role="status"')]).toEqual([undefined, true])
    await analyst.post('/logout').expect(303)
  })

  test('a closed register gives none to those without an account', async () => {
    const closed = await testApp({ seeds: true, env: { CLAUSULA_PUBLIC: 'false' } })
    const tag = tagOf(await (await closed.logIn('reader')).get('/agreements').expect(200))
    await withTag(closed.reader, '/agreements', tag).expect(303)
    await closed.reader.get('/agreements').set('If-None-Match', '*').expect(303)
  })
})

/** One of everything that changes what somebody sees, in an order in which each is possible. */
const WRITES: [what: string, write: (analyst: Agent, admin: Agent, own: TestApp) => Promise<void>][] = [
  [
    'a new agreement',
    (analyst) => post(analyst, '/agreements', agreementForm({ status: 'active', status_since: '2020' })),
  ],
  [
    'an edit',
    (analyst) =>
      post(analyst, '/agreements/RUS-SYR-2019-1/edit', {
        title: 'Another title',
        kind: 'loan',
        version: '4',
        reason: 'x',
      }),
  ],
  [
    'a change of status',
    (analyst) => post(analyst, '/agreements/ROU-SYR-2019-1/status', statusForm({ effective_on: '2026-11-01' })),
  ],
  ['a position of a later day', (analyst) => later(analyst)],
  [
    'a claim',
    (analyst) =>
      post(analyst, '/agreements/RUS-SYR-2019-1/claims', {
        stance: 'denies',
        status: 'reassigned',
        asserted_by: 'Ada',
        source_title: 'Gazette',
      }),
  ],
  [
    'a claim of a later day',
    (analyst) =>
      post(analyst, '/agreements/ROU-SYR-2019-1/claims', {
        stance: 'asserts',
        status: 'annulled',
        effective_on: '2026-11-20',
        said_on: '2026-11-25',
        asserted_by: 'Ada',
        source_title: 'Gazette 2',
      }),
  ],
  [
    'a claim that is withdrawn',
    async (analyst) =>
      post(analyst, '/claims/1/withdraw', { reason: 'Misread.', ...(await decision(analyst, '/claims/1')) }),
  ],
  [
    'a source that is edited',
    async (analyst) =>
      post(analyst, '/sources/1/edit', { source_title: 'Edited', ...(await decision(analyst, '/sources/1/edit')) }),
  ],
  ['a name of a party', (analyst) => post(analyst, '/parties/dp-world/names', { name: 'Дубай Портс', lang: 'ru' })],
  [
    'a name of a place',
    (analyst) => post(analyst, '/places/tartus-commercial-port/names', { name: 'Тартусс', lang: 'ru' }),
  ],
  [
    'an account',
    (_analyst, admin) =>
      post(admin, '/admin/users', {
        email: 'new@example.org',
        name: 'New',
        role: 'analyst',
        password: 'a long walk to Tartus',
      }),
  ],
  ['a day that begins', (_analyst, _admin, own) => begin(own, '2026-11-24T00:30:00.000Z')],
  ['a day that begins, once the program noticed', (_analyst, _admin, own) => notice(own)],
  ['the day of what was decided for it', (_analyst, _admin, own) => begin(own, '2026-11-25T00:30:00.000Z')],
  ['that day, once the program noticed', (_analyst, _admin, own) => notice(own)],
]

async function post(agent: Agent, path: string, form: Fields): Promise<void> {
  const { status, text } = await agent.post(path).type('form').send(form)
  expect([path, status, status === 303 ? '' : text]).toEqual([path, 303, ''])
}

async function later(analyst: Agent): Promise<void> {
  const form = statusForm({
    status: 'active',
    means: 'confirmed',
    effective_on: '2026-11-25',
    confirm: 'yes',
    version: '2',
  })
  await post(analyst, '/agreements/ROU-SYR-2019-1/status', form)
}

async function decision(analyst: Agent, path: string): Promise<Fields> {
  const { text } = await analyst.get(path).expect(200)
  return { seen: seenIn(text) }
}

async function begin(own: TestApp, now: string): Promise<void> {
  own.clock.set(now)
}

async function notice(own: TestApp): Promise<void> {
  await bringIntoEffect(own.context)
}

test('no write leaves an answer that no longer holds, for anybody', async () => {
  const own = await testApp({ seeds: true, now: '2026-11-23T13:00:00.000Z' })
  const people = new Map<string, Agent>([['nobody', own.reader]])
  for (const role of ['analyst', 'admin'] as const) people.set(role, await own.logIn(role))
  const [analyst, admin] = [people.get('analyst') as Agent, people.get('admin') as Agent]
  const seen = new Map<string, { tag: string; text: string }>()
  const look = async (after: string): Promise<number> => {
    let kept = 0
    for (const [role, agent] of people) {
      const paths = [...PAGES, ...EXPORTS, ...(role === 'analyst' || role === 'admin' ? FORMS : [])]
      for (const path of paths) {
        const known = seen.get(`${role} ${path}`)
        const answer = await (known ? withTag(agent, path, known.tag) : agent.get(path))
        if (answer.status === 304) {
          kept += 1
          expect([after, path, (await agent.get(path)).text]).toEqual([after, path, known?.text])
        } else {
          expect([after, role, path, answer.status]).toEqual([after, role, path, 200])
          seen.set(`${role} ${path}`, { tag: tagOf(answer), text: answer.text })
        }
      }
    }
    return kept
  }
  await look('the start')
  expect(await look('the start')).toBe(seen.size)
  for (const [what, write] of WRITES) {
    own.clock.set(new Date(own.clock.now().getTime() + 60_000).toISOString())
    await write(analyst, admin, own)
    // Messages that are said once are not what is looked at here.
    for (const agent of people.values()) await agent.get('/').expect(200)
    await look(what)
  }
  expect((await csvRows(own, '/agreements.csv?contested=yes')).length).toBeGreaterThan(0)
  expect(own.errors).toEqual([])
}, 120_000)
