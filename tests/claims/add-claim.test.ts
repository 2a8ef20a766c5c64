import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { STATUSES } from '../../src/words/status.ts'
import { anyValue, encoded } from '../support/any-shape.ts'
import { leadingNowhere } from '../support/forms.ts'
import { verified } from '../support/verified.ts'
import { openDesk } from '../support/desk.ts'
import { claimForm, claimsAt } from './claims.ts'

const desk = openDesk()
const { read, row, enter, send, record, decide, decided, claimRow, historyOf } = claimsAt(desk)

describe('a claim is recorded', () => {
  test('in a new source, with its speaker apart from the publisher, and moves no position', async () => {
    const reference = await enter()
    desk.app.clock.set('2026-11-24T08:00:00.000Z')
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

    const { text } = await desk.app.reader.get(`/claims/${id}`).expect(200)
    expect(text).toContain('<dt>Speaker</dt><dd dir="auto">Minister of Ports</dd>')
    expect(text).toContain('<span class="quiet" dir="auto">The Ruritanian Herald</span>')
    expect(text).toContain('<span class="reference">B2</span>')
    expect(text).toContain('source B, usually reliable; claim 2, probably true')
    const { text: history } = await desk.app.reader.get(`/agreements/${reference}/history`).expect(200)
    expect(history).toContain('recorded a claim: Minister of Ports says Annulled')
  })

  test('in a source that is recorded already, by its number', async () => {
    const reference = await enter()
    const { source_id } = await claimRow(await record(reference))
    const before = await read().selectFrom('sources').select('id').execute()
    const { headers } = await desk.ada.get(`/claims/new?source=${source_id}`).expect(200)
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
    expect((await desk.app.reader.get(`/agreements/${reference}`)).text).toContain(`>${verb}</span>`)
    const [added] = await historyOf(id)
    expect(added?.after).toMatchObject({ asserted_by: 'The port authority', stance, status })
    const { text } = await desk.app.reader.get(`/agreements/${reference}/history`)
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
    const revision = await desk.app.context.db.revision()
    const typed = { note: 'What I typed stays.', source_publisher: 'So does this' }
    const { text } = await send(reference, { ...typed, ...more }).expect(422)
    expect(text).toContain('<title>Error: ')
    expect(text).toContain(message)
    expect(text).toContain('What I typed stays.')
    if (!('source_publisher' in more)) expect(text).toContain('value="So does this"')
    if (field !== '') expect(text).toContain(`<a href="#${field}">`)
    expect(leadingNowhere(text)).toEqual([])
    expect(await desk.app.context.db.revision()).toBe(revision)
  })

  test('about an agreement that is not there is a 404, whatever was typed', async () => {
    await send('RUS-SYR-1900-1').expect(404)
    await send('RUS-SYR-1900-1', { stance: '' }).expect(404)
    await desk.app.reader.get('/agreements/RUS-SYR-1900-1/claims').expect(404)
  })

  test('by nobody without an account, and by no reader', async () => {
    const reference = await enter()
    const revision = await desk.app.context.db.revision()
    const { text } = await send(reference, {}, desk.app.reader).expect(401)
    expect(text).toContain('nothing that you typed is lost')
    await send(reference, {}, await desk.app.logIn('reader')).expect(403)
    await desk.app.reader.get('/claims/new').expect(303).expect('Location', '/login?next=%2Fclaims%2Fnew')
    expect((await desk.app.reader.get(`/agreements/${reference}/claims`).expect(200)).text).not.toContain(
      'method="post"',
    )
    expect(
      await read()
        .selectFrom('claim_agreements')
        .selectAll()
        .where('agreement_id', '=', (await row(reference)).id)
        .execute(),
    ).toEqual([])
    expect(await desk.app.context.db.revision()).toBe(revision + 1)
  })

  test.each(['0', '-1', '1.5', 'x', '999999', '9'.repeat(30), '%00', '1e3'])('there is no claim %s', async (id) => {
    const { text } = await desk.app.reader.get(`/claims/${id}`).expect(404)
    expect(text).toContain('There is no claim')
    for (const verb of ['settle', 'reopen', 'withdraw', 'tie', 'untie'])
      await desk.ada.post(`/claims/${id}/${verb}`).type('form').send({ reason: 'x', seen: '1' }).expect(404)
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
      const { text } = await desk.app.reader.get(path).expect(200)
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
      const { text } = await desk.app.reader.get(`/agreements/${reference}/claims?${query}`).expect(200)
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
      const { text } = await desk.app.reader.get(`/agreements/${reference}/claims?${query}`).expect(400)
      expect(text).toContain(`<bdi>${query.split('=')[0]}</bdi>`)
      await desk.app.reader.get(`/agreements/${reference}?${query}`).expect(400)
    }
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
  for (const path of pages) expect((await desk.ada.get(path).expect(200)).text, path).not.toContain('<img src=x')
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
  const value = anyValue(
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
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(
        `/agreements/${reference}/claims`,
        ...['settle', 'reopen', 'withdraw', 'tie', 'untie'].map((verb) => `/claims/${id}/${verb}`),
      ),
      fc.array(fc.tuple(fc.constantFrom(...fields), value), { maxLength: 12 }),
      async (path, pairs) => {
        desk.app.clock.set(new Date(desk.app.clock.now().getTime() + 1000).toISOString())
        const body = encoded(pairs)
        const { status, text } = await desk.ada.post(path).type('form').send(body)
        expect([303, 409, 422]).toContain(status)
        expect(text).not.toContain('<script>alert(1)</script>')
      },
    ),
    { numRuns: 100 },
  )
})

test('after all of this the register follows from its history, and nothing went wrong', async () => {
  expect(await verified(desk.app)).toContain('all follow from the history')
  expect(desk.app.errors).toEqual([])
})
