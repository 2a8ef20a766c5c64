import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seenIn } from '../support/asked.ts'
import { agreementForm, statusForm } from '../support/forms.ts'
import { type Agent, PASSWORD, startTestApp, testApp, type TestApp } from '../support/test-app.ts'

// Names that nothing else in the register has.
const ADA = 'Adelheid Quittkat'
const EVE = 'Evaristus Zwickl'
const ROOT = 'Radegund Admin'
const NAMES = [ADA, EVE, ROOT]

let app: TestApp
let analyst: Agent
let admin: Agent
let reference: string
let adaId: number
let eveId: number
beforeAll(async () => {
  app = await startTestApp({ seeds: true })
  ;({ analyst, admin } = await work(app))
})
afterAll(async () => {
  expect(app.errors).toEqual([])
  await app.stop()
})

/** Somebody's name in everything that shows one. */
async function work(own: TestApp) {
  const root = await own.logIn('admin', ROOT)
  const ada = await own.logIn('analyst', ADA)
  await root
    .post('/admin/users')
    .type('form')
    .send({ email: 'eve@example.org', name: EVE, role: 'reader', password: PASSWORD })
    .expect(303)
  const ids = await own.context.db.read.selectFrom('users').select(['id', 'name']).execute()
  const idOf = (name: string) => ids.find((user) => user.name === name)?.id ?? 0
  adaId = idOf(ADA)
  eveId = idOf(EVE)
  await root.post(`/admin/users/${eveId}/role`).type('form').send({ role: 'approver' }).expect(303)
  await root.post(`/admin/users/${eveId}/password-link`).expect(200)
  await root.post(`/admin/users/${eveId}/disable`).expect(303)
  const entered = await ada
    .post('/agreements')
    .type('form')
    .send(agreementForm({ status: 'active', status_since: '2020' }))
    .expect(303)
  reference = entered.headers['location']?.split('/').at(-1) ?? ''
  await ada.post(`/agreements/${reference}/status`).type('form').send(statusForm()).expect(303)
  await ada
    .post(`/agreements/${reference}/claims`)
    .type('form')
    .send({
      stance: 'asserts',
      status: 'annulled',
      effective_on: '2026-11-20',
      asserted_by: 'Gazette',
      source_title: 'Gazette',
    })
    .expect(303)
  const { id } = await own.context.db.read
    .selectFrom('claims')
    .select('id')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  const { text } = await ada.get(`/claims/${id}`).expect(200)
  await ada
    .post(`/claims/${id}/settle`)
    .type('form')
    .send({ reason: 'Misread.', agreement: reference, seen: seenIn(text) })
    .expect(303)
  return { analyst: ada, admin: root }
}

const claimPath = async () => {
  const claims = app.context.db.read.selectFrom('claims').select(['id', 'source_id']).orderBy('id', 'desc')
  const { id, source_id } = await claims.executeTakeFirstOrThrow()
  return { claim: `/claims/${id}`, source: `/sources/${source_id}` }
}

/** Where members see a name. */
const shows = async (): Promise<string[]> => {
  const { claim, source } = await claimPath()
  return [
    '/',
    '/changes',
    '/changes?per_page=200',
    '/changes?as_of=2026-11-23',
    '/changes.csv',
    `/agreements/${reference}`,
    `/agreements/${reference}/claims`,
    `/agreements/${reference}/history`,
    `/agreements/${reference}/history.csv`,
    `/agreements.json?q=${reference}`,
    claim,
    source,
  ]
}
const HIDDEN_ANYWAY = [
  '/agreements',
  '/agreements.csv',
  '/agreements/timeline',
  '/compare?from=2019&to=2026-11-23',
  '/compare.csv?from=2019&to=2026-11-23',
  '/sources',
  '/parties',
  '/places',
  '/login',
]

const namesIn = (text: string) => NAMES.filter((name) => text.includes(name))

describe('who acted', () => {
  test('is told to those who are logged in, and is an analyst to others, also behind somebody who is', async () => {
    const paths = await shows()
    for (const path of [...paths, ...paths.toReversed()]) {
      const members = await analyst.get(path).expect(200)
      expect([path, namesIn(members.text)]).toEqual([path, expect.arrayContaining([ADA])])
      const strangers = await app.reader.get(path).expect(200)
      expect([path, namesIn(strangers.text)]).toEqual([path, []])
      expect([path, strangers.text.includes('an analyst')]).toEqual([path, true])
      // A member's mark is no stranger's, nor the other way round.
      const tag = members.headers['etag'] ?? ''
      const again = await app.reader.get(path).set('If-None-Match', tag).expect(200)
      expect(namesIn(again.text)).toEqual([])
      const own = strangers.headers['etag'] ?? ''
      expect(namesIn((await analyst.get(path).set('If-None-Match', own).expect(200)).text)).toContain(ADA)
    }
  })

  test.each(HIDDEN_ANYWAY)('is not told to others by %s', async (path) => {
    await analyst.get(path)
    expect(namesIn((await app.reader.get(path).expect(200)).text)).toEqual([])
  })

  test('is told to readers with an account', async () => {
    const reader = await app.logIn('reader', 'Rosamund')
    expect(namesIn((await reader.get('/changes').expect(200)).text)).toContain(ADA)
  })

  test('is the program, to everybody, where it was', async () => {
    for (const agent of [app.reader, analyst])
      expect((await agent.get('/changes.csv').expect(200)).text).toContain(',Clausula,agreement_created,')
  })
})

const rowsOf = (csv: string) => csv.trim().split('\r\n').slice(1)
const changesIn = (csv: string) => new Set(rowsOf(csv).map((row) => row.split(',')[0]))

describe('what was done to accounts', () => {
  test('is left out for strangers alike on the page, in the count and in the CSV', async () => {
    const csv = async (agent: Agent) => (await agent.get('/changes.csv').expect(200)).text
    const [members, strangers] = [await csv(analyst), await csv(app.reader)]
    expect(strangers).not.toContain('user_')
    const { accounts } = await app.context.db.read
      .selectFrom('changes')
      .select(({ fn }) => fn.countAll<number>().as('accounts'))
      .where('subject', 'like', 'user:%')
      .executeTakeFirstOrThrow()
    expect(accounts).toBeGreaterThanOrEqual(6)
    expect(changesIn(members).size - changesIn(strangers).size).toBe(accounts)
    const kept = rowsOf(members).filter((row) => !row.includes(',user_'))
    expect(rowsOf(strangers)).toEqual(kept.map((row) => row.replace(`,${ADA},`, ',an analyst,')))
    const seen = new Set<string>()
    const size = changesIn(strangers).size
    for (let page = 1; page <= Math.ceil(size / 50); page += 1) {
      const { text } = await app.reader.get(`/changes?page=${page}`).expect(200)
      expect(text).toContain(`Export ${size} changes`)
      for (const [, id = ''] of text.matchAll(/ id="change-(\d+)"/g)) seen.add(id)
    }
    expect(seen).toEqual(changesIn(strangers))
  })

  test('and who did what cannot be asked for by them', async () => {
    for (const address of ['/changes', '/changes.csv', `/agreements/${reference}/history`])
      for (const filter of [`actor=${adaId}`, 'actor=999', 'kind=user_added', `kind=user_disabled&actor=${eveId}`]) {
        const { text } = await app.reader.get(`${address}?${filter}`).expect(401)
        expect(text).toContain('to those who are logged in. Log in, or leave this filter out.')
        expect(namesIn(text)).toEqual([])
      }
    const { text } = await app.reader.get(`/changes?actor=${adaId}`).expect(401)
    expect(text).toContain(`href="/login?next=%2Fchanges%3Factor%3D${adaId}"`)
  })

  test('is in no choice of a filter for them', async () => {
    const choices = (text: string) => [...text.matchAll(/<option value="([^"]+)"/g)].map(([, value = '']) => value)
    const strangers = choices((await app.reader.get('/changes').expect(200)).text)
    expect(strangers).toContain('agreement_edited')
    expect(strangers.filter((value) => value.startsWith('user_') || /^\d+$/.test(value))).toEqual([])
  })
})

describe('the filter for who', () => {
  test('has those who acted, and nobody else', async () => {
    for (const agent of [analyst, admin]) {
      const { text } = await agent.get('/changes').expect(200)
      const who = /<select[^>]*id="actor"[\s\S]*?<\/select>/.exec(text)?.[0] ?? ''
      expect(namesIn(who).toSorted()).toEqual([ADA, ROOT].toSorted())
      expect(who).toContain('Clausula')
    }
    await analyst.get(`/changes?actor=${adaId}`).expect(200)
    const [never, nobody] = [await analyst.get(`/changes?actor=${eveId}`), await analyst.get('/changes?actor=999')]
    expect([never.status, nobody.status]).toEqual([400, 400])
    const said = (text: string) => /<main[\s\S]*<\/main>/.exec(text)?.[0]
    expect(said(never.text)).toBe(said(nobody.text))
  })
})

test('CLAUSULA_NAMES=public shows everybody who did what', async () => {
  const open = await testApp({ seeds: true, env: { CLAUSULA_NAMES: 'public' } })
  await work(open)
  const { text } = await open.reader.get('/changes').expect(200)
  expect(namesIn(text).toSorted()).toEqual([...NAMES].toSorted())
  expect((await open.reader.get('/changes.csv?kind=user_added').expect(200)).text).toContain(EVE)
  await open.reader.get(`/changes?actor=${adaId}`).expect(200)
})

test('who may see names is part of an answer’s mark', async () => {
  const tagOf = async (env: Record<string, string>) => {
    const same = { DATABASE_URL: app.context.config.databaseUrl, ...env }
    const own = await testApp({ env: same })
    const { headers } = await supertest(own.url).get('/changes').expect(200)
    await own.close()
    return headers['etag']
  }
  expect(await tagOf({})).not.toBe(await tagOf({ CLAUSULA_NAMES: 'public' }))
})
