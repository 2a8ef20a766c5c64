import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { STATUSES } from '../../src/words/status.ts'
import { agreementForm, leadingNowhere, statusForm } from '../support/forms.ts'
import { type Agent, type Fields, startTestApp, testApp, type TestApp } from '../support/test-app.ts'
import { verified } from '../support/verified.ts'

let app: TestApp
let ada: Agent
let boris: Agent
beforeAll(async () => {
  app = await startTestApp({ seeds: true })
  ada = await app.logIn('analyst', 'Ada')
  boris = await app.logIn('analyst', 'Boris')
})
afterAll(() => app.stop())

const read = () => app.context.db.read
let sources = 0
/** A claim that contests an agreement which is active since 2020, in a source of its own. */
const claimForm = (more: Fields = {}): Fields => ({
  stance: 'asserts',
  status: 'annulled',
  asserted_by: 'The port authority',
  effective_on: '2026-10-01',
  said_on: '2026-10-02',
  source_title: `Port bulletin ${(sources += 1)}`,
  ...more,
})
const send = (reference: string, more: Fields = {}, agent = ada) =>
  agent.post(`/agreements/${reference}/claims`).type('form').send(claimForm(more))

async function enter(more: Fields = {}): Promise<string> {
  const { headers } = await ada
    .post('/agreements')
    .type('form')
    .send(agreementForm({ status: 'active', means: 'in_force', status_since: '2020', ...more }))
    .expect(303)
  return headers['location']?.split('/').at(-1) ?? ''
}

async function record(reference: string, more: Fields = {}): Promise<number> {
  const { headers } = await send(reference, more).expect(303)
  expect(headers['location']).toMatch(new RegExp(`^/agreements/${reference}/claims#claim-\\d+$`))
  return Number(headers['location']?.split('-').at(-1))
}

/** What the form of a decision was opened with. */
async function opened(id: number, agent = ada): Promise<string> {
  const { text } = await agent.get(`/claims/${id}`).expect(200)
  return / name="seen" value="(\d+)"/.exec(text)?.[1] ?? ''
}
const decide = (id: number, verb: string, fields: Fields, agent = ada) =>
  agent.post(`/claims/${id}/${verb}`).type('form').send(fields)
async function decided(id: number, verb: string, fields: Fields = {}): Promise<void> {
  await decide(id, verb, { reason: 'It was weighed.', seen: await opened(id), ...fields }).expect(303)
}

const row = (reference: string) =>
  read().selectFrom('agreements').selectAll().where('reference', '=', reference).executeTakeFirstOrThrow()
const claimRow = (id: number) => read().selectFrom('claims').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const historyOf = async (id: number) => {
  const rows = await read()
    .selectFrom('changes')
    .selectAll()
    .where('subject', '=', `claim:${id}`)
    .orderBy('id')
    .execute()
  return rows.map(({ after, ...change }) => ({
    ...change,
    after: JSON.parse(after ?? '{}') as Record<string, unknown>,
  }))
}
const csv = async (query: string) =>
  parse((await app.reader.get(`/agreements.csv${query}`).expect(200)).text, { columns: true }) as Record<
    string,
    string
  >[]

/** Whether an agreement is contested: asked wherever the register says so, which must agree. */
async function contested(reference: string): Promise<boolean> {
  const [listed] = await csv(`?q=${reference}`)
  const isContested = listed?.['contested'] === 'yes'
  const [all, rest, every] = [await csv('?contested=yes'), await csv('?contested=no'), await csv('')]
  expect(all.length + rest.length).toBe(every.length)
  const { text: dossier } = await app.reader.get(`/agreements/${reference}`).expect(200)
  const standing = /<p class="standing">[\s\S]*?<\/p>/.exec(dossier)?.[0] ?? ''
  const { text: list } = await app.reader.get('/agreements').expect(200)
  const { text: overview } = await app.reader.get('/').expect(200)
  expect({
    row: (await row(reference)).contested === 1,
    filter: all.some((one) => one['reference'] === reference),
    badge: standing.includes('<span class="contested">contested</span>'),
    against: / \d+ against<\/span><\/h2>/.test(dossier),
  }).toEqual({ row: isContested, filter: isContested, badge: isContested, against: isContested })
  expect(list).toContain(`<span class="contested">contested</span> <span class="facet-count">${all.length}</span>`)
  expect(overview).toContain(`>${all.length} contested</a>`)
  return isContested
}

describe('a claim is recorded', () => {
  test('in a new source, with its speaker apart from the publisher, and moves no position', async () => {
    const reference = await enter()
    app.clock.set('2026-11-24T08:00:00.000Z')
    const id = await record(reference, {
      means: 'terminated',
      asserted_by: 'Minister of Ports',
      note: 'Said in passing.',
      scope: 'all leases',
      credibility: '2',
      status_fit: 'approximate',
      source_title: 'Ports to be freed',
      source_publisher: 'The Ruritanian Herald',
      source_url: 'https://herald.example/ports',
      source_published_on: '2026-10',
      source_lang: 'fr',
      source_read_on: '2026-11-01',
      source_reliability: 'B',
    })
    const claim = await claimRow(id)
    expect(claim).toMatchObject({
      asserted_by: 'Minister of Ports',
      stance: 'asserts',
      status: 'annulled',
      means: 'terminated',
      effective_on: '2026-10-01',
      said_on: '2026-10-02',
      credibility: 2,
      note: 'Said in passing.',
      scope: 'all leases',
      status_fit: 'approximate',
      recorded_at: '2026-11-24T08:00:00.000Z',
      withdrawn_at: null,
    })
    const source = await read()
      .selectFrom('sources')
      .selectAll()
      .where('id', '=', claim.source_id)
      .executeTakeFirstOrThrow()
    expect(source).toMatchObject({
      title: 'Ports to be freed',
      publisher: 'The Ruritanian Herald',
      url: 'https://herald.example/ports',
      published_on: '2026-10',
      lang: 'fr',
      read_on: '2026-11-01',
      reliability: 'B',
    })
    const [added] = await historyOf(id)
    expect(added).toMatchObject({ kind: 'claim_added', recorded_at: '2026-11-24T08:00:00.000Z', version: null })
    expect(added?.after).toMatchObject({
      asserted_by: 'Minister of Ports',
      stance: 'asserts',
      status: 'annulled',
      agreements: [reference],
      credibility: 2,
      sources: [
        { title: 'Ports to be freed', publisher: 'The Ruritanian Herald', url: 'https://herald.example/ports' },
      ],
    })
    expect(await row(reference)).toMatchObject({ status: 'active', status_since: '2020', version: 1 })

    const { text } = await app.reader.get(`/claims/${id}`).expect(200)
    expect(text).toContain('<dt>Speaker</dt><dd dir="auto">Minister of Ports</dd>')
    expect(text).toContain('<span class="quiet" dir="auto">The Ruritanian Herald</span>')
    expect(text).toContain('<span class="reference">B2</span>')
    expect(text).toContain('source B, usually reliable; claim 2, probably true')
    const { text: history } = await app.reader.get(`/agreements/${reference}/history`).expect(200)
    expect(history).toContain('recorded a claim: Minister of Ports says Annulled')
  })

  test('in a source that is recorded already, by its number', async () => {
    const reference = await enter()
    const { source_id } = await claimRow(await record(reference))
    const before = await read().selectFrom('sources').select('id').execute()
    const { headers } = await ada.get(`/claims/new?source=${source_id}`).expect(200)
    expect(headers['content-type']).toContain('text/html')
    const id = await record(reference, { source: String(source_id), source_title: '' })
    expect(await claimRow(id)).toMatchObject({ source_id })
    expect(await read().selectFrom('sources').select('id').execute()).toHaveLength(before.length)
  })

  test.each([
    ['with www', 'https://press1.example/a/b', 'https://www.press1.example/a/b'],
    ['without www', 'https://www.press2.example/a/b', 'https://press2.example/a/b'],
    ['with http', 'https://press3.example/a/b', 'http://press3.example/a/b'],
    ['with https', 'http://press4.example/a/b', 'https://www.press4.example/a/b'],
    ['with a slash at the end', 'https://press5.example/a/b', 'https://press5.example/a/b/'],
    ['without the slash at the end', 'https://press6.example/a/b/', 'https://press6.example/a/b'],
    ['with a fragment', 'https://press7.example/a/b', 'https://press7.example/a/b#page=4'],
    ['without the fragment', 'https://press8.example/a/b#page=4', 'https://press8.example/a/b'],
    ['with another fragment', 'https://press9.example/a/b#page=4', 'https://press9.example/a/b#page=5'],
    ['with a query behind a fragment', 'https://press10.example/a?x=1', 'https://press10.example/a?x=1#top'],
    ['in capitals where they do not matter', 'https://press11.example/a', 'HTTPS://Press11.Example/a'],
    ['of a whole site', 'https://press12.example', 'https://www.press12.example/'],
  ])('an address that is known is recognised %s', async (_how, known, typed) => {
    const reference = await enter()
    const first = await claimRow(await record(reference, { source_url: known }))
    const second = await claimRow(await record(reference, { source_url: typed, asserted_by: 'Another' }))
    expect(second.source_id).toBe(first.source_id)
  })

  test.each([
    ['the query', 'https://board1.example/show?id=1', 'https://board1.example/show?id=2'],
    ['the path', 'https://board2.example/one', 'https://board2.example/two'],
    ['the case of the path', 'https://board3.example/One', 'https://board3.example/one'],
    ['the host', 'https://board4.example/one', 'https://news.board4.example/one'],
    ['the port', 'https://board5.example/one', 'https://board5.example:8443/one'],
  ])('an address that differs in %s is another source', async (_what, known, typed) => {
    const reference = await enter()
    const first = await claimRow(await record(reference, { source_url: known }))
    const second = await claimRow(await record(reference, { source_url: typed }))
    expect(second.source_id).not.toBe(first.source_id)
  })

  test('of a number and another source typed beside it neither is dropped without a word', async () => {
    const reference = await enter()
    const { source_id } = await claimRow(await record(reference))
    const typed = { source: String(source_id), source_title: 'Quite another paper', source_reliability: 'A' }
    const { status, text } = await send(reference, typed)
    expect(status).toBe(422)
    expect(text).toContain('value="Quite another paper"')
  })

  test.each([
    ['asserts', 'says', 'annulled'],
    ['denies', 'denies', 'active'],
    ['declines', 'declines to confirm', 'annulled'],
  ])('with the stance %s, which reads “%s”', async (stance, verb, status) => {
    const reference = await enter()
    const id = await record(reference, { stance, status })
    expect(await claimRow(id)).toMatchObject({ stance, status })
    expect((await app.reader.get(`/agreements/${reference}`)).text).toContain(`>${verb}</span>`)
    const [added] = await historyOf(id)
    expect(added?.after).toMatchObject({ asserted_by: 'The port authority', stance, status })
    const { text } = await app.reader.get(`/agreements/${reference}/history`)
    expect(text).toContain(`recorded a claim: The port authority ${verb} `)
  })

  test.each([
    ['stance', { stance: '' }, 'Choose a stance'],
    ['stance', { stance: 'maybe' }, '“maybe” is not a stance'],
    ['status', { status: '' }, 'Choose a status'],
    ['status', { status: 'lost' }, '“lost” is not a status'],
    ['means', { means: 'joint_review' }, 'joint review is not a means of Annulled'],
    ['means', { means: 'lost' }, '“lost” is not a means'],
    ['asserted_by', { asserted_by: '   ' }, 'Say who said it'],
    ['effective_on', { effective_on: '2026-02-30' }, '“2026-02-30” is not a date'],
    ['said_on', { said_on: 'yesterday' }, '“yesterday” is not a date'],
    ['credibility', { credibility: '7' }, '“7” is not a credibility'],
    ['status_fit', { status_fit: 'hardly' }, '“hardly” is not an answer'],
    ['source_title', { source_title: '', source_publisher: '' }, 'Choose a source that is recorded already'],
    ['source_url', { source_url: 'javascript:alert(1)' }, 'is not a web address'],
    ['source_url', { source_url: `https://x.example/${'x'.repeat(10_000)}` }, 'characters long'],
    ['source_published_on', { source_published_on: '2026-13' }, 'is not a date'],
    ['source_reliability', { source_reliability: 'G' }, '“G” is not a reliability'],
    ['source_lang', { source_lang: 'Klingon' }, 'is not a language'],
    ['source_lang', { source_lang: 'по-русски' }, 'is not a language'],
    ['source_lang', { source_lang: 'en US' }, 'is not a language'],
    ['source', { source: 'the first' }, '“the first” is not a source'],
    ['source', { source: '999999', source_title: '', source_publisher: '' }, 'There is no source 999999'],
    ['source', { source: '999999' }, 'Give its number or enter a new source below, not both'],
    ['source', { source: '9'.repeat(30) }, 'is not a source'],
    ['repeats', { repeats: 'the first' }, '“the first” is not a claim'],
    ['repeats', { repeats: '999999' }, 'There is no claim 999999 that stands'],
    ['repeats', { repeats: '9'.repeat(30) }, 'is not a claim'],
    ['', { colour: 'red' }, 'Unknown field colour'],
  ])('a wrong %s is a 422 with everything typed, and nothing is written', async (field, more, message) => {
    const reference = await enter()
    const revision = await app.context.db.revision()
    const typed = { note: 'What I typed stays.', source_publisher: 'So does this' }
    const { text } = await send(reference, { ...typed, ...more }).expect(422)
    expect(text).toContain('<title>Error: ')
    expect(text).toContain(message)
    expect(text).toContain('What I typed stays.')
    if (!('source_publisher' in more)) expect(text).toContain('value="So does this"')
    if (field !== '') expect(text).toContain(`<a href="#${field}">`)
    expect(leadingNowhere(text)).toEqual([])
    expect(await app.context.db.revision()).toBe(revision)
  })

  test('about an agreement that is not there is a 404, whatever was typed', async () => {
    await send('RUS-SYR-1900-1').expect(404)
    await send('RUS-SYR-1900-1', { stance: '' }).expect(404)
    await app.reader.get('/agreements/RUS-SYR-1900-1/claims').expect(404)
  })

  test('by nobody without an account, and by no reader', async () => {
    const reference = await enter()
    const revision = await app.context.db.revision()
    const { text } = await send(reference, {}, app.reader).expect(401)
    expect(text).toContain('nothing that you typed is lost')
    await send(reference, {}, await app.logIn('reader')).expect(403)
    await app.reader.get('/claims/new').expect(303).expect('Location', '/login?next=%2Fclaims%2Fnew')
    expect((await app.reader.get(`/agreements/${reference}/claims`).expect(200)).text).not.toContain('method="post"')
    expect(
      await read()
        .selectFrom('claim_agreements')
        .selectAll()
        .where('agreement_id', '=', (await row(reference)).id)
        .execute(),
    ).toEqual([])
    expect(await app.context.db.revision()).toBe(revision + 1)
  })

  test.each(['0', '-1', '1.5', 'x', '999999', '9'.repeat(30), '%00', '1e3'])('there is no claim %s', async (id) => {
    const { text } = await app.reader.get(`/claims/${id}`).expect(404)
    expect(text).toContain('There is no claim')
    for (const verb of ['settle', 'reopen', 'withdraw', 'tie', 'untie'])
      await ada.post(`/claims/${id}/${verb}`).type('form').send({ reason: 'x', seen: '1' }).expect(404)
  })
})

describe('the grade', () => {
  test.each([
    ['B', '2', 'B2'],
    ['B', '', 'B–'],
    ['', '3', '–3'],
    ['', '', 'none'],
  ])('of a source %s and a claim %s is shown as %s', async (source_reliability, credibility, grade) => {
    const reference = await enter()
    const id = await record(reference, { source_reliability, credibility })
    for (const path of [`/agreements/${reference}`, `/agreements/${reference}/claims`]) {
      const { text } = await app.reader.get(path).expect(200)
      expect(text).toContain(`href="/claims/${id}">${grade}<span`)
    }
  })

  test('filters the evidence, as does the stance; nothing wrong is ignored', async () => {
    const reference = await enter()
    const good = await record(reference, { source_reliability: 'A', credibility: '1', asserted_by: 'A good one' })
    const poor = await record(reference, {
      source_reliability: 'D',
      credibility: '4',
      stance: 'denies',
      status: 'active',
    })
    const none = await record(reference)
    const shown = async (query: string) => {
      const { text } = await app.reader.get(`/agreements/${reference}/claims?${query}`).expect(200)
      expect(text).toContain('3 claims, 3 statements')
      return [good, poor, none].map((id) => text.includes(`id="claim-${id}"`))
    }
    expect(await shown('')).toEqual([true, true, true])
    expect(await shown('grade=B')).toEqual([true, false, false])
    expect(await shown('grade=4')).toEqual([true, true, false])
    expect(await shown('grade=D4')).toEqual([true, true, false])
    expect(await shown('stance=denies')).toEqual([false, true, false])
    expect(await shown('stance=asserts&grade=A1')).toEqual([true, false, false])
    expect(await shown('stance=declines')).toEqual([false, false, false])
    for (const query of [
      'stance=maybe',
      'grade=G9',
      'grade=A1&grade=B2',
      'colour=red',
      'stance=asserts&stance=denies',
    ]) {
      const { text } = await app.reader.get(`/agreements/${reference}/claims?${query}`).expect(400)
      expect(text).toContain(`<bdi>${query.split('=')[0]}</bdi>`)
      await app.reader.get(`/agreements/${reference}?${query}`).expect(400)
    }
  })
})

describe('what contests', () => {
  test('is a claim that contradicts the position, until it is settled, again once reopened, and not once withdrawn', async () => {
    const reference = await enter()
    expect(await contested(reference)).toBe(false)
    const id = await record(reference)
    expect(await contested(reference)).toBe(true)
    await decided(id, 'settle', { agreement: reference })
    expect(await contested(reference)).toBe(false)
    app.clock.set('2026-11-24T08:00:01.000Z')
    await decided(id, 'reopen', { agreement: reference })
    expect(await contested(reference)).toBe(true)
    app.clock.set('2026-11-24T08:00:02.000Z')
    await decided(id, 'withdraw')
    expect(await contested(reference)).toBe(false)
    expect(await row(reference)).toMatchObject({ status: 'active', version: 1 })
  })

  test.each([
    ['denies the status', { stance: 'denies', status: 'active', effective_on: '' }, true],
    [
      'denies the status that it says was meant',
      { stance: 'denies', status: 'active', said_on: '2019', effective_on: '2020' },
      true,
    ],
    [
      'denied the status before it began',
      { stance: 'denies', status: 'active', said_on: '2019', effective_on: '' },
      false,
    ],
    ['denies the status on no day', { stance: 'denies', status: 'active', said_on: '', effective_on: '' }, true],
    ['denies another status', { stance: 'denies', status: 'annulled' }, false],
    ['declines to confirm the status', { stance: 'declines', status: 'active' }, false],
    ['says the same status', { status: 'active', means: 'amended' }, false],
    ['says another one from an earlier day', { effective_on: '2019-12-31' }, false],
    ['says another one from the same day', { effective_on: '2020-01-01' }, false],
    ['says another one from the day after', { effective_on: '2020-01-02' }, true],
    ['says another one without a day of effect, later', { effective_on: '', said_on: '2020-01-02' }, true],
    ['says another one without a day of effect, on the same day', { effective_on: '', said_on: '2020-01-01' }, false],
    ['says another one on no day', { effective_on: '', said_on: '' }, false],
  ])('a claim that %s', async (_what, more, expected) => {
    const reference = await enter()
    await record(reference, more)
    expect(await contested(reference)).toBe(expected)
  })

  test('“active” does not contradict “under review”', async () => {
    const reference = await enter({ status: 'under_review', means: 'joint_review' })
    await record(reference, { status: 'active', means: 'in_force' })
    expect(await contested(reference)).toBe(false)
    await record(reference, { status: 'annulled' })
    expect(await contested(reference)).toBe(true)
  })

  test('ends when the register takes the position that was claimed', async () => {
    const reference = await enter()
    const id = await record(reference)
    const { version } = await row(reference)
    const move = { status: 'annulled', means: 'terminated', effective_on: '2026-10-01', claim: String(id) }
    await ada
      .post(`/agreements/${reference}/status`)
      .type('form')
      .send(statusForm({ ...move, version: String(version) }))
      .expect(303)
    expect(await contested(reference)).toBe(false)
    expect((await app.reader.get(`/claims/${id}`)).text).toContain('Positions that rest on it')
  })

  test('begins on the day on which it was said: as of the day before it was not contested', async () => {
    const reference = await enter()
    await record(reference, { said_on: '2026-10-15', effective_on: '2026-10-01' })
    const on = async (day: string) => (await csv(`?q=${reference}&as_of=${day}`))[0]?.['contested']
    expect(await on('2026-10-14')).toBe('no')
    expect(await on('2026-10-15')).toBe('yes')
    const { text } = await app.reader.get(`/agreements/${reference}?as_of=2026-10-14`).expect(200)
    expect(text).not.toContain('>contests<')
  })

  test('what is said on a day to come contests from that day on, in the evidence as on the list', async () => {
    const reference = await enter()
    await record(reference, { said_on: '2027-03-01' })
    expect(await contested(reference)).toBe(false)
    expect((await csv(`?q=${reference}&as_of=2027-03-01`))[0]?.['contested']).toBe('yes')
  })

  test('as known before the claim was recorded nobody contested it', async () => {
    app.clock.set('2026-11-24T09:00:00.000Z')
    const reference = await enter()
    app.clock.set('2026-11-24T10:00:00.000Z')
    const id = await record(reference)
    app.clock.set('2026-11-24T11:00:00.000Z')
    await decided(id, 'settle', { agreement: reference })
    app.clock.set('2026-11-24T12:00:00.000Z')
    const known = async (at: string) => (await csv(`?q=${reference}&known_at=2026-11-24T${at}:00Z`))[0]?.['contested']
    expect([await known('09:30'), await known('10:30'), await known('11:30')]).toEqual(['no', 'yes', 'no'])
    const { text: before } = await app.reader.get(`/agreements/${reference}?known_at=2026-11-24T09:30:00Z`).expect(200)
    expect(before).toContain('Nobody’s claim is recorded yet')
    await app.reader.get(`/claims/${id}?known_at=2026-11-24T09:30:00Z`).expect(404)
    const { text: open } = await app.reader.get(`/claims/${id}?known_at=2026-11-24T10:30:00Z`).expect(200)
    expect(open).not.toContain('settled by')
  })
})

describe('settling', () => {
  test('is recorded with its reason, in the history of the claim and of the agreement, and so is reopening', async () => {
    const reference = await enter()
    const id = await record(reference)
    await decided(id, 'settle', { agreement: reference, reason: 'He spoke of another port.' })
    app.clock.set('2026-11-25T08:00:00.000Z')
    await decided(id, 'reopen', { agreement: reference, reason: 'He repeated it in writing.' })
    const history = await historyOf(id)
    expect(history.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['claim_added', null],
      ['claim_settled', 'He spoke of another port.'],
      ['claim_reopened', 'He repeated it in writing.'],
    ])
    expect(history[1]?.after).toEqual({
      claim: { asserted_by: 'The port authority', stance: 'asserts', status: 'annulled' },
      agreements: [reference],
    })
    const [settlement] = await read().selectFrom('claim_settlements').selectAll().where('claim_id', '=', id).execute()
    expect(settlement).toMatchObject({
      reason: 'He spoke of another port.',
      settled_at: '2026-11-24T12:00:00.000Z',
      reopened_at: '2026-11-25T08:00:00.000Z',
    })
    for (const path of [`/claims/${id}`, `/agreements/${reference}/history`]) {
      const { text } = await app.reader.get(path).expect(200)
      for (const told of ['settled the claim', 'He spoke of another port.', 'reopened the claim', 'in writing.'])
        expect(text).toContain(told)
    }
  })

  test('is shown in the evidence with who did it and why', async () => {
    const reference = await enter()
    const id = await record(reference)
    await decided(id, 'settle', { agreement: reference, reason: 'A misprint.' })
    for (const path of [`/agreements/${reference}`, `/agreements/${reference}/claims`]) {
      const { text } = await app.reader.get(path).expect(200)
      expect(text).toContain('Settled by <bdi>Ada</bdi>: <bdi>A misprint.</bdi>')
      expect(text).not.toContain('>contests<')
    }
    expect((await app.reader.get(`/claims/${id}`)).text).toContain('settled by <bdi>Ada</bdi>: <bdi>A misprint.</bdi>')
  })

  test('is about one agreement at a time: the others stay contested', async () => {
    const [one, other] = [await enter(), await enter()]
    const { headers } = await ada
      .post('/claims')
      .type('form')
      .send(claimForm({ agreements: `${one} ${other}` }))
      .expect(303)
    const id = Number(headers['location']?.split('/').at(-1))
    expect([await contested(one), await contested(other)]).toEqual([true, true])
    await decided(id, 'settle', { agreement: one })
    expect([await contested(one), await contested(other)]).toEqual([false, true])
    const { text } = await ada.get(`/claims/${id}`).expect(200)
    expect(text).toMatch(new RegExp(`action="/claims/${id}/settle"[\\s\\S]*?value="${other}"[\\s\\S]*?</form>`))
    await decided(id, 'settle', { agreement: other })
    app.clock.set('2026-11-25T08:00:01.000Z')
    await decided(id, 'reopen', { agreement: [one, other] })
    expect([await contested(one), await contested(other)]).toEqual([true, true])
    app.clock.set('2026-11-25T08:00:02.000Z')
    await decided(id, 'withdraw')
    expect([await contested(one), await contested(other)]).toEqual([false, false])
  })

  test.each([
    ['without a reason', { reason: '  ' }, 'Say why'],
    ['about no agreement', { agreement: [] }, 'Choose the agreements'],
    ['about another agreement', { agreement: 'RUS-SYR-2019-1' }, 'The claim is not about RUS-SYR-2019-1'],
    ['about nonsense', { agreement: '<b>' }, 'The claim is not about &lt;b&gt;'],
    ['without saying what it was opened with', { seen: '' }, 'open the form again'],
    ['with a field that is none', { colour: 'red' }, 'Unknown field colour'],
  ])('%s is a 422 that keeps what was typed', async (_how, more, message) => {
    const reference = await enter()
    const id = await record(reference)
    const revision = await app.context.db.revision()
    const fields = { reason: 'My long reason.', seen: await opened(id), agreement: reference, ...more }
    const { text } = await decide(id, 'settle', fields).expect(422)
    expect(text).toContain(message)
    expect(text).toMatch(/<details class="decision" open><summary>Settle<\/summary>/)
    if (!('reason' in more)) expect(text).toContain('>My long reason.</textarea>')
    else expect(text).toContain('<a href="#reason-settle">')
    expect(leadingNowhere(text)).toEqual([])
    expect(await app.context.db.revision()).toBe(revision)
  })

  test('whoever comes second gets a 409 that says what the first one did', async () => {
    const reference = await enter()
    const id = await record(reference)
    const [mine, theirs] = [await opened(id), await opened(id, boris)]
    await decide(id, 'settle', { reason: 'Boris was faster.', seen: theirs, agreement: reference }, boris).expect(303)
    const { text } = await decide(id, 'settle', { reason: 'My long reason.', seen: mine, agreement: reference }).expect(
      409,
    )
    expect(text).toContain('Boris was first: settled the claim')
    expect(text).toContain('Boris was faster.')
    expect(await historyOf(id)).toHaveLength(2)
  })

  test('whoever comes second keeps what was typed, though there is nothing left to settle', async () => {
    const reference = await enter()
    const id = await record(reference)
    const [mine, theirs] = [await opened(id), await opened(id, boris)]
    await decide(id, 'settle', { reason: 'Boris was faster.', seen: theirs, agreement: reference }, boris).expect(303)
    const { text } = await decide(id, 'settle', { reason: 'My long reason.', seen: mine, agreement: reference }).expect(
      409,
    )
    expect(text).toContain('My long reason.')
  })

  test('whoever settles what was withdrawn meanwhile keeps what was typed', async () => {
    const reference = await enter()
    const id = await record(reference)
    const mine = await opened(id)
    await decided(id, 'withdraw', { reason: 'Nobody said so.' })
    const { text } = await decide(id, 'settle', { reason: 'My long reason.', seen: mine, agreement: reference }).expect(
      409,
    )
    expect(text).toContain('withdrew the claim')
    expect(text).toContain('My long reason.')
  })

  test('of a claim about two, whoever comes second can go on where something is left', async () => {
    const [one, other] = [await enter(), await enter()]
    const { headers } = await ada
      .post('/claims')
      .type('form')
      .send(claimForm({ agreements: `${one}\n${other}` }))
      .expect(303)
    const id = Number(headers['location']?.split('/').at(-1))
    const mine = await opened(id)
    await decide(id, 'settle', { reason: 'First.', seen: await opened(id, boris), agreement: one }, boris).expect(303)
    const { text } = await decide(id, 'settle', { reason: 'My long reason.', seen: mine, agreement: other }).expect(409)
    expect(text).toContain('>My long reason.</textarea>')
    expect(text).toMatch(new RegExp(`name="agreement" value="${other}" checked`))
    const seen = / name="seen" value="(\d+)"/.exec(text)?.[1] ?? ''
    await decide(id, 'settle', { reason: 'My long reason.', seen, agreement: other }).expect(303)
  })

  test('of two at the very same time one is recorded and one is told', async () => {
    const reference = await enter()
    const id = await record(reference)
    const seen = await opened(id)
    const answers = await Promise.all(
      [ada, boris].map((agent) => decide(id, 'settle', { reason: 'Now.', seen, agreement: reference }, agent)),
    )
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409])
    expect(await read().selectFrom('claim_settlements').selectAll().where('claim_id', '=', id).execute()).toHaveLength(
      1,
    )
  })

  test('what is settled already is not settled again, and what is open is not reopened', async () => {
    const reference = await enter()
    const id = await record(reference)
    const fields = { reason: 'Once more.', agreement: reference }
    expect((await decide(id, 'reopen', { ...fields, seen: await opened(id) }).expect(422)).text).toContain(
      'It is not settled',
    )
    await decided(id, 'settle', { agreement: reference })
    expect((await decide(id, 'settle', { ...fields, seen: await opened(id) }).expect(422)).text).toContain(
      'It is settled',
    )
  })

  test('the page of a refused decision leads to pages that are there', async () => {
    const reference = await enter()
    const id = await record(reference)
    const { text } = await decide(id, 'settle', { reason: '', seen: await opened(id), agreement: reference }).expect(
      422,
    )
    for (const [, action = ''] of text.matchAll(/<form\b[^>]*action="([^"]+)"[^>]*method="get"/g))
      await ada.get(action).expect(200)
  })
})

test('what settles a statement settles those who repeat it, and reopens them', async () => {
  const reference = await enter()
  const original = await record(reference)
  const copy = await record(reference, { repeats: String(original) })
  const elsewhere = await enter()
  const contested = async (one: string) => {
    const row = await read()
      .selectFrom('agreements')
      .select('contested')
      .where('reference', '=', one)
      .executeTakeFirst()
    return row?.contested
  }
  const other = await record(elsewhere)
  expect([await contested(reference), await contested(elsewhere)]).toEqual([1, 1])
  await decided(copy, 'settle', { agreement: reference, reason: 'Weighed.' })
  expect([await contested(reference), await contested(elsewhere)]).toEqual([0, 1])
  const kinds = async (id: number) =>
    (
      await read().selectFrom('changes').select('kind').where('subject', '=', `claim:${id}`).orderBy('id').execute()
    ).map(({ kind }) => kind)
  expect(await kinds(original)).toEqual(['claim_added', 'claim_settled'])
  await decided(original, 'reopen', { agreement: reference, reason: 'Not yet.' })
  expect(await contested(reference)).toBe(1)
  expect(await kinds(copy)).toEqual(['claim_added', 'claim_tied', 'claim_settled', 'claim_reopened'])
  expect(await kinds(other)).toEqual(['claim_added'])
})

describe('on a machine whose clock was put back, so that all is recorded at one instant', () => {
  /** A register of its own, in which what follows is recorded at the instant of its newest entry. */
  async function putBack() {
    const own = await testApp()
    const eve = await own.logIn('analyst', 'Eve')
    const { headers } = await eve
      .post('/agreements')
      .type('form')
      .send(agreementForm({ status: 'active', means: 'in_force', status_since: '2020' }))
      .expect(303)
    const address = headers['location'] ?? ''
    const { headers: added } = await eve.post(`${address}/claims`).type('form').send(claimForm()).expect(303)
    const id = added['location']?.split('-').at(-1) ?? ''
    own.clock.set('2026-11-20T00:00:00.000Z')
    const go = async (verb: string) => {
      const { text } = await eve.get(`/claims/${id}`).expect(200)
      const seen = / name="seen" value="(\d+)"/.exec(text)?.[1] ?? ''
      const agreement = address.split('/').at(-1) ?? ''
      const about = verb === 'withdraw' ? {} : { agreement }
      return eve
        .post(`/claims/${id}/${verb}`)
        .type('form')
        .send({ reason: 'So.', seen, ...about })
    }
    return { own, eve, address, go }
  }

  test('a claim can be settled, reopened and settled again', async () => {
    const { own, eve, address, go } = await putBack()
    for (const verb of ['settle', 'reopen', 'settle', 'reopen']) expect((await go(verb)).status, verb).toBe(303)
    expect((await eve.get(address)).text).toContain('>contests<')
    expect(own.errors).toEqual([])
  })

  test('the register still follows from its history', async () => {
    const { own, go } = await putBack()
    own.clock.set('2026-11-23T13:00:00.000Z')
    expect((await go('settle')).status).toBe(303)
    own.clock.set('2026-11-23T14:00:00.000Z')
    expect((await go('reopen')).status).toBe(303)
    own.clock.set('2026-11-20T00:00:00.000Z')
    expect((await go('withdraw')).status).toBe(303)
    expect(await verified(own)).toContain('all follow from the history')
  })
})

describe('withdrawing', () => {
  test('takes a claim out of the evidence and keeps it readable, as it was before', async () => {
    app.clock.set('2026-11-25T10:00:00.000Z')
    const reference = await enter()
    const id = await record(reference)
    const { source_id } = await claimRow(id)
    app.clock.set('2026-11-25T12:00:00.000Z')
    await decided(id, 'withdraw', { reason: 'It was said of another port.' })
    expect(await claimRow(id)).toMatchObject({ withdrawn_at: '2026-11-25T12:00:00.000Z' })
    expect((await historyOf(id)).at(-1)).toMatchObject({
      kind: 'claim_withdrawn',
      reason: 'It was said of another port.',
    })
    const { text } = await ada.get(`/claims/${id}`).expect(200)
    expect(text).toContain('This claim is withdrawn')
    expect(text).toContain('It was said of another port.')
    expect(text).not.toContain(`/claims/${id}/`)
    expect((await ada.get(`/agreements/${reference}`)).text).toContain('Nobody’s claim is recorded yet')
    expect((await app.reader.get(`/sources/${source_id}`)).text).toContain('withdrawn')
    const { text: then } = await app.reader.get(`/agreements/${reference}?known_at=2026-11-25T11:00:00Z`).expect(200)
    expect(then).toContain(`id="claim-${id}"`)
    const { text: claimThen } = await app.reader.get(`/claims/${id}?known_at=2026-11-25T11:00:00Z`).expect(200)
    expect(claimThen).not.toContain('withdrawn')
  })

  test('is final: nothing else can be decided about it', async () => {
    const reference = await enter()
    const id = await record(reference)
    await decided(id, 'withdraw')
    const seen = String((await historyOf(id)).at(-1)?.id)
    for (const [verb, more] of Object.entries({
      withdraw: {},
      settle: { agreement: reference },
      reopen: { agreement: reference },
      tie: { repeats: '1' },
      untie: {},
    })) {
      const { text } = await decide(id, verb, { reason: 'Once more.', seen, ...more }).expect(422)
      expect(text, verb).toContain('This claim is withdrawn')
    }
    expect(await historyOf(id)).toHaveLength(2)
  })

  test('a position that rested on it does not pretend that it still stands', async () => {
    const reference = await enter()
    const id = await record(reference, { asserted_by: 'A speaker who never spoke' })
    const move = { status: 'annulled', means: 'terminated', claim: String(id), version: '1' }
    await ada.post(`/agreements/${reference}/status`).type('form').send(statusForm(move)).expect(303)
    await decided(id, 'withdraw')
    const { text } = await app.reader.get(`/agreements/${reference}`).expect(200)
    const positions = text.slice(text.indexOf('id="positions"'), text.indexOf('id="facts"'))
    expect(positions).toContain('A speaker who never spoke')
    expect(positions).toContain('withdrawn')
  })
})

describe('ties', () => {
  const ties = () =>
    read().selectFrom('claim_ties').select(['claim_id', 'statement_id']).where('known_to', '>', '9').execute()
  const statementOf = async (id: number) => (await ties()).find(({ claim_id }) => claim_id === id)?.statement_id ?? id
  const counted = async (reference: string) =>
    /<h2 id="evidence">.*?<span class="quiet">([^<]+)</.exec(
      (await app.reader.get(`/agreements/${reference}/claims`)).text,
    )?.[1]

  test('copies count once, are shown under their original, and the history says so', async () => {
    const reference = await enter()
    const original = await record(reference)
    const copy = await record(reference, { asserted_by: 'A news agency' })
    expect(await counted(reference)).toBe('2 claims, 2 statements, 2 against')
    await decided(copy, 'tie', { repeats: String(original), reason: 'Word for word.' })
    expect(await counted(reference)).toBe('2 claims, 1 statement, 1 against')
    const { text } = await app.reader.get(`/agreements/${reference}`).expect(200)
    expect(text).toContain('<span class="quiet">repeated by</span> <b dir="auto">A news agency</b>')
    expect((await app.reader.get(`/claims/${copy}`)).text).toContain(
      `<dt>Repeats</dt><dd><a href="/claims/${original}">`,
    )
    expect((await app.reader.get(`/claims/${original}`)).text).toContain(
      `<dt>Repeated by</dt><dd><p><a href="/claims/${copy}">`,
    )
    expect((await historyOf(copy)).at(-1)).toMatchObject({
      kind: 'claim_tied',
      reason: 'Word for word.',
      after: { repeats: original },
    })
  })

  test('can be made while a claim is recorded', async () => {
    const reference = await enter()
    const original = await record(reference)
    const copy = await record(reference, { repeats: String(original) })
    expect(await statementOf(copy)).toBe(original)
    expect((await historyOf(copy)).map(({ kind }) => kind)).toEqual(['claim_added', 'claim_tied'])
    expect(await counted(reference)).toBe('2 claims, 1 statement, 1 against')
  })

  test('that cannot be made while a claim is recorded leaves neither claim nor source behind', async () => {
    const [reference, elsewhere] = [await enter(), await enter()]
    const other = await record(elsewhere)
    const revision = await app.context.db.revision()
    const { text } = await send(reference, { repeats: String(other), note: 'What I typed stays.' }).expect(422)
    expect(text).toContain(`Claim ${other} is about other agreements`)
    expect(text).toContain('What I typed stays.')
    expect(text).toContain(`value="${other}"`)
    expect(await app.context.db.revision()).toBe(revision)
  })

  test('a copy of a copy repeats the original', async () => {
    const reference = await enter()
    const [one, two, three] = [await record(reference), await record(reference), await record(reference)]
    await decided(two, 'tie', { repeats: String(one) })
    await decided(three, 'tie', { repeats: String(two) })
    expect(await statementOf(three)).toBe(one)
    expect(await counted(reference)).toBe('3 claims, 1 statement, 1 against')
  })

  test('copies follow their original when it turns out to be a copy itself', async () => {
    const reference = await enter()
    const [one, two, three] = [await record(reference), await record(reference), await record(reference)]
    await decided(three, 'tie', { repeats: String(two) })
    await decided(two, 'tie', { repeats: String(one) })
    expect([await statementOf(two), await statementOf(three)]).toEqual([one, one])
  })

  test('a claim cannot be tied to itself, in a ring, to what says something else, or to what is not there', async () => {
    const [reference, elsewhere] = [await enter(), await enter()]
    const id = await record(reference)
    const copy = await record(reference, { repeats: String(id) })
    const withdrawn = await record(reference)
    await decided(withdrawn, 'withdraw')
    const refused: [string, string][] = [
      [String(id), 'A claim cannot repeat itself'],
      [String(copy), `Claim ${copy} repeats this one already`],
      [String(await record(reference, { status: 'reassigned' })), 'says something else'],
      [String(await record(reference, { stance: 'denies' })), 'says something else'],
      [String(await record(elsewhere)), 'is about other agreements'],
      [String(withdrawn), `There is no claim ${withdrawn} that stands`],
      ['999999', 'There is no claim 999999 that stands'],
      ['9'.repeat(30), 'is not a claim'],
      ['x', '“x” is not a claim'],
      ['', 'Give the number of the claim'],
    ]
    const revision = await app.context.db.revision()
    for (const [repeats, message] of refused) {
      const { text } = await decide(id, 'tie', { reason: 'My long reason.', seen: await opened(id), repeats }).expect(
        422,
      )
      expect(text, repeats).toContain(message)
      expect(text).toContain('<a href="#repeats">')
      expect(text).toContain('>My long reason.</textarea>')
    }
    expect(await app.context.db.revision()).toBe(revision)
    const again = { reason: 'Again.', seen: await opened(copy), repeats: String(id) }
    expect((await decide(copy, 'tie', again).expect(422)).text).toContain(`It is tied to claim ${id} already`)
  })

  test('a tie is let go again, with a reason; what was known before keeps it', async () => {
    app.clock.set('2026-11-26T10:00:00.000Z')
    const reference = await enter()
    const original = await record(reference)
    const copy = await record(reference, { repeats: String(original) })
    app.clock.set('2026-11-26T12:00:00.000Z')
    await decided(copy, 'untie', { reason: 'He was there himself.' })
    expect(await statementOf(copy)).toBe(copy)
    expect(await counted(reference)).toBe('2 claims, 2 statements, 2 against')
    expect((await historyOf(copy)).at(-1)).toMatchObject({ kind: 'claim_untied', reason: 'He was there himself.' })
    const { text } = await app.reader.get(`/agreements/${reference}/claims?known_at=2026-11-26T11:00:00Z`).expect(200)
    expect(text).toContain('2 claims, 1 statement')
    const nothing = { reason: 'x', seen: await opened(copy) }
    expect((await decide(copy, 'untie', nothing).expect(422)).text).toContain('It repeats no other claim')
  })

  test('when the original is withdrawn its first copy stands for the statement', async () => {
    const reference = await enter()
    const original = await record(reference)
    const copies = [
      await record(reference, { repeats: String(original) }),
      await record(reference, { repeats: String(original) }),
      await record(reference, { repeats: String(original) }),
    ]
    await decided(original, 'withdraw')
    expect(await Promise.all(copies.map(statementOf))).toEqual([copies[0], copies[0], copies[0]])
    expect(await counted(reference)).toBe('3 claims, 1 statement, 1 against')
    expect((await ties()).some((tie) => tie.statement_id === original || tie.claim_id === original)).toBe(false)
  })

  test('whoever ties what was tied meanwhile is told, and keeps what was typed', async () => {
    const reference = await enter()
    const [one, two] = [await record(reference), await record(reference)]
    const mine = await opened(two)
    await decide(two, 'tie', { reason: 'First.', seen: await opened(two, boris), repeats: String(one) }, boris).expect(
      303,
    )
    const { text } = await decide(two, 'tie', { reason: 'My long reason.', seen: mine, repeats: String(one) }).expect(
      409,
    )
    expect(text).toContain('Boris was first: tied the claim')
    expect(text).toContain('>My long reason.</textarea>')
    expect(text).toContain(`value="${one}"`)
  })
})

describe('the page of a claim as of a day', () => {
  test('says how its agreements stood then, not how they stand now', async () => {
    const reference = await enter()
    const id = await record(reference)
    const move = { status: 'annulled', means: 'terminated', claim: String(id), version: '1' }
    await ada.post(`/agreements/${reference}/status`).type('form').send(statusForm(move)).expect(303)
    const stands = async (query: string) =>
      /data-label="Stands">(.*?)<\/td>/.exec((await app.reader.get(`/claims/${id}${query}`).expect(200)).text)?.[1]
    expect(await stands('')).toContain('Annulled')
    expect(await stands('?as_of=2026-10-15')).toContain('Active')
  })
})

test('markup that was typed is shown as text, everywhere', async () => {
  const nasty = '<img src=x onerror=alert(1)>"\'&'
  const reference = await enter()
  const id = await record(reference, {
    asserted_by: nasty,
    note: nasty,
    scope: nasty,
    source_title: nasty,
    source_publisher: nasty,
    source_url: `https://x.example/"><img src=x onerror=alert(1)>`,
  })
  await decided(id, 'settle', { agreement: reference, reason: nasty })
  const { source_id } = await claimRow(id)
  const pages = [
    `/claims/${id}`,
    `/agreements/${reference}`,
    `/agreements/${reference}/claims`,
    `/agreements/${reference}/history`,
    `/agreements/${reference}/status`,
    `/sources/${source_id}`,
    `/sources/${source_id}/edit`,
    `/claims/new?source=${source_id}`,
    `/sources?q=${encodeURIComponent('<img')}`,
    '/changes',
    '/sources',
  ]
  for (const path of pages) expect((await ada.get(path).expect(200)).text, path).not.toContain('<img src=x')
  const { text } = await decide(id, 'reopen', { agreement: nasty, reason: nasty, seen: nasty }).expect(422)
  expect(text).not.toContain('<img src=x')
})

test('a form of any shape is answered, and never by a 500', async () => {
  const reference = await enter()
  const id = await record(reference)
  const fields = [
    ...Object.keys(claimForm()),
    'means',
    'note',
    'scope',
    'credibility',
    'status_fit',
    'repeats',
    'source',
    'agreement',
    'reason',
    'seen',
    'source_url',
    'source_lang',
    'source_reliability',
    '__proto__',
    'constructor',
    '',
  ]
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
      ...STATUSES,
      'asserts',
      'denies',
      '2026',
      '2026-02-30',
      '9'.repeat(400),
      String(id),
      reference,
      'https://a.example',
      '<script>alert(1)</script>',
    ),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(
        `/agreements/${reference}/claims`,
        ...['settle', 'reopen', 'withdraw', 'tie', 'untie'].map((verb) => `/claims/${id}/${verb}`),
      ),
      fc.array(fc.tuple(fc.constantFrom(...fields), value), { maxLength: 12 }),
      async (path, pairs) => {
        app.clock.set(new Date(app.clock.now().getTime() + 1000).toISOString())
        const body = new URLSearchParams(pairs.map(([name, typed]): [string, string] => [name, typed.toWellFormed()]))
        const { status, text } = await ada.post(path).type('form').send(body.toString())
        expect([303, 409, 422]).toContain(status)
        expect(text).not.toContain('<script>alert(1)</script>')
      },
    ),
    { numRuns: 100 },
  )
})

test('after all of this the register follows from its history, and nothing went wrong', async () => {
  expect(await verified(app)).toContain('all follow from the history')
  expect(app.errors).toEqual([])
})
