import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agreementForm, statusForm } from '../support/forms.ts'
import { type Agent, type Fields, startTestApp, type TestApp } from '../support/test-app.ts'
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
const row = (reference: string) =>
  read().selectFrom('agreements').selectAll().where('reference', '=', reference).executeTakeFirstOrThrow()
const versionsOf = async (reference: string) =>
  read()
    .selectFrom('agreement_versions')
    .selectAll()
    .where('agreement_id', '=', (await row(reference)).id)
    .orderBy('version')
    .execute()
const partsOf = async (reference: string) =>
  JSON.parse((await versionsOf(reference)).at(-1)?.parts ?? '') as Record<string, Record<string, unknown>[]>
/** The newest entry of an agreement's history. */
async function newest(reference: string) {
  const { before, after, ...change } = await read()
    .selectFrom('changes')
    .selectAll()
    .where('agreement', '=', (await row(reference)).id)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  return {
    ...change,
    before: JSON.parse(before ?? 'null') as Record<string, unknown>,
    after: JSON.parse(after ?? 'null') as Record<string, unknown>,
  }
}

const WHOLE = {
  title_ar: 'اتفاقية ميناء روريتانيا',
  lead: 'Ada',
  summary: 'As first entered.',
  note_field: ['signed_on'],
  note_value: ['2019-02'],
  note_url: ['https://other.example/a'],
  note_note: ['another source'],
  place: ['Ruritania port'],
  place_kind: ['port'],
  place_country: ['RO'],
  place_choice: ['new'],
}

async function enter(more: Fields = {}): Promise<string> {
  const { headers } = await ada
    .post('/agreements')
    .type('form')
    .send(agreementForm({ ...WHOLE, status: 'active', status_since: '2020', ...more }))
    .expect(303)
  return headers['location']?.split('/').at(-1) ?? ''
}
/** Edits an agreement; the number of the change. What is not sent stays. */
async function edit(reference: string, fields: Fields): Promise<number> {
  const { title, kind, version } = await row(reference)
  await ada
    .post(`/agreements/${reference}/edit`)
    .type('form')
    .send({ title, kind, version: String(version), ...fields })
    .expect(303)
  return (await newest(reference)).id
}
const revertPath = (reference: string, change: number) => `/agreements/${reference}/history/${change}/revert`
const send = (reference: string, change: number, fields: Fields, agent = ada) =>
  agent.post(revertPath(reference, change)).type('form').send(fields)
const versionOf = async (reference: string) => String((await row(reference)).version)
async function revert(reference: string, change: number): Promise<void> {
  await send(reference, change, { reason: 'It was a slip.', version: await versionOf(reference) })
    .expect(303)
    .expect('Location', `/agreements/${reference}`)
}

describe('taking an edit back', () => {
  test('puts the field as it was, as a change of its own that names the edit and says why', async () => {
    app.clock.set('2026-11-24T08:00:00.000Z')
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris', summary: 'Rewritten.' })
    app.clock.set('2026-11-24T10:00:00.000Z')
    await revert(reference, change)
    expect(await row(reference)).toMatchObject({ lead: 'Ada', summary: 'As first entered.', version: 3 })
    expect(await newest(reference)).toMatchObject({
      kind: 'edit_reverted',
      version: 3,
      reason: 'It was a slip.',
      recorded_at: '2026-11-24T10:00:00.000Z',
      before: { lead: 'Boris', summary: 'Rewritten.' },
      after: { reverts: change, lead: 'Ada', summary: 'As first entered.' },
    })
    const { text } = await app.reader.get(`/agreements/${reference}/history`).expect(200)
    expect(text).toContain(`took back an edit (change ${change}): `)
    expect(text).toContain('Why: It was a slip.')
    expect(text).toContain('edited ')
    const { text: then } = await app.reader.get(`/agreements/${reference}?known_at=2026-11-24T09:00:00Z`).expect(200)
    expect(then).toContain('Rewritten.')
  })

  test.each([
    ['a field that was empty', { term: '49 years' }, { term: null }],
    ['a day', { signed_on: '2018' }, { signed_on: '2019-01' }],
    ['an amount', { value_amount: '500', value_currency: 'USD' }, { value_amount: null, value_currency: null }],
    ['the kind', { kind: 'loan' }, { kind: 'treaty' }],
    ['the sector', { sector: 'tolls' }, { sector: 'ports' }],
    ['the title', { title: 'Quite another title' }, { title: 'Agreement on the port of Ruritania' }],
    ['that its title is descriptive', { title_is_descriptive: 'yes' }, { title_is_descriptive: 0 }],
  ])('of %s', async (_what, typed, expected) => {
    const reference = await enter()
    await revert(reference, await edit(reference, typed))
    expect(await row(reference)).toMatchObject({ ...expected, version: 3 })
  })

  test('of the title lets the agreement be found by the old one again, and sorts by it', async () => {
    const reference = await enter({ title: 'Alpha of Zembla' })
    const change = await edit(reference, { title: 'Omega of Zembla' })
    await revert(reference, change)
    const found = async (q: string) => (await app.reader.get(`/agreements.csv?q=${q}`)).text.includes(reference)
    expect([await found('Alpha+Zembla'), await found('Omega+Zembla')]).toEqual([true, false])
    expect(await row(reference)).toMatchObject({ title_sort: 'alpha of zembla' })
  })

  test('of a party: lists, filters and search follow, and find it as it was known in between', async () => {
    const reference = await enter()
    app.clock.set('2026-11-25T08:00:00.000Z')
    const parties = {
      party_name: ['Kingdom of Ruritania', 'Syrian Arab Republic', 'Nobody Shipping'],
      party_type: ['state', 'state', 'company'],
      party_country: ['RO', 'SY', 'PA'],
      party_role: ['lessee', 'lessor', 'carrier'],
      party_choice: ['', '', 'new'],
    }
    const change = await edit(reference, parties)
    expect(await row(reference)).toMatchObject({ countries: 'RO; SY; PA' })
    app.clock.set('2026-11-25T10:00:00.000Z')
    await revert(reference, change)
    const between = 'known_at=2026-11-25T09:00:00Z'
    for (const query of ['country=PA', 'party=Nobody+Shipping', 'q=Nobody+Shipping']) {
      const found = async (known: string) =>
        (await app.reader.get(`/agreements.csv?${query}${known}`).expect(200)).text.includes(reference)
      const known = [await found(''), await found(`&${between}`), await found('&known_at=2026-11-25T07:00:00Z')]
      expect(known, query).toEqual([false, true, false])
    }
    expect((await app.reader.get(`/agreements/${reference}?${between}`)).text).toContain('Nobody Shipping</a>')
    expect(await row(reference)).toMatchObject({
      countries: 'RO; SY',
      party_names: 'Kingdom of Ruritania; Syrian Arab Republic',
    })
    expect((await partsOf(reference))['parties']).toMatchObject([{ role: 'lessee' }, { role: 'lessor' }])
    expect((await app.reader.get('/agreements?country=PA')).text).not.toContain(reference)
    expect((await app.reader.get('/agreements?party=Nobody+Shipping')).text).not.toContain(reference)
    expect((await app.reader.get('/agreements?q=Nobody+Shipping')).text).not.toContain(reference)
    expect((await app.reader.get(`/agreements/${reference}`)).text).not.toContain('Nobody Shipping</a>')
  })

  test('of a role alone', async () => {
    const reference = await enter()
    const fields = agreementForm()
    const change = await edit(reference, { ...fields, party_role: ['owner', 'lessor'] })
    await revert(reference, change)
    expect((await partsOf(reference))['parties']).toMatchObject([{ role: 'lessee' }, { role: 'lessor' }])
  })

  test('of a title in one language', async () => {
    const reference = await enter()
    const change = await edit(reference, { title_ar: 'عنوان خاطئ', lead: 'Boris' })
    await edit(reference, { sector: 'tolls' })
    await revert(reference, change)
    expect((await partsOf(reference))['titles']).toEqual([{ lang: 'ar', title: WHOLE.title_ar, note: null }])
    expect(await row(reference)).toMatchObject({ original_title: WHOLE.title_ar, lead: 'Ada', sector: 'tolls' })
    expect((await app.reader.get(`/agreements/${reference}`)).text).toContain(WHOLE.title_ar)
  })

  test('of a title that was added takes it away, and of one that was taken away brings it back', async () => {
    const reference = await enter()
    await revert(reference, await edit(reference, { title_ru: 'Соглашение о порте' }))
    expect((await partsOf(reference))['titles']).toMatchObject([{ lang: 'ar' }])
    await revert(reference, await edit(reference, { title_ar: '' }))
    expect((await partsOf(reference))['titles']).toMatchObject([{ lang: 'ar', title: WHOLE.title_ar }])
    expect(await row(reference)).toMatchObject({ original_title: WHOLE.title_ar, original_title_lang: 'ar' })
  })

  test('of a note, whole or in its remark', async () => {
    const reference = await enter()
    const { note_field, note_value, note_url } = WHOLE
    const before = (await partsOf(reference))['notes']
    await revert(reference, await edit(reference, { note_field, note_value, note_url, note_note: ['mine'] }))
    expect((await partsOf(reference))['notes']).toEqual(before)
    await revert(
      reference,
      await edit(reference, { note_field: [''], note_value: [''], note_url: [''], note_note: [''] }),
    )
    expect((await partsOf(reference))['notes']).toEqual(before)
    expect((await app.reader.get(`/agreements/${reference}`)).text).toContain('another source')
  })

  test('of a place and of a relation', async () => {
    const reference = await enter()
    const place = { place: ['Latakia port'], place_kind: ['port'], place_country: ['SY'], place_choice: [''] }
    await revert(reference, await edit(reference, place))
    expect(await row(reference)).toMatchObject({ place_names: 'Ruritania port' })
    const relation = { relation_kind: ['follows'], relation_reference: ['RUS-SYR-2019-1'] }
    await revert(reference, await edit(reference, relation))
    expect((await partsOf(reference))['relations']).toEqual([])
    expect((await app.reader.get('/agreements/RUS-SYR-2019-1')).text).not.toContain(reference)
  })

  test('leaves alone what was changed since in other fields, and where it stands', async () => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris' })
    await edit(reference, { summary: 'Written later.' })
    const fields = statusForm({ version: '3' })
    await ada.post(`/agreements/${reference}/status`).type('form').send(fields).expect(303)
    await revert(reference, change)
    expect(await row(reference)).toMatchObject({
      lead: 'Ada',
      summary: 'Written later.',
      status: 'under_review',
      version: 5,
    })
  })

  test('can itself be taken back, and that again', async () => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris' })
    await revert(reference, change)
    const first = await newest(reference)
    await revert(reference, first.id)
    expect(await row(reference)).toMatchObject({ lead: 'Boris' })
    const second = await newest(reference)
    expect(second).toMatchObject({ kind: 'edit_reverted', after: { reverts: first.id, lead: 'Boris' } })
    await revert(reference, second.id)
    expect(await row(reference)).toMatchObject({ lead: 'Ada', version: 5 })
  })

  test('is offered in the history of an agreement for edits alone, to those who may', async () => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris' })
    await revert(reference, change)
    await ada
      .post(`/agreements/${reference}/status`)
      .type('form')
      .send(statusForm({ version: '3' }))
      .expect(303)
    const offered = async (agent: Pick<Agent, 'get'>, query = '') => {
      const { text } = await agent.get(`/agreements/${reference}/history${query}`).expect(200)
      return [...text.matchAll(/\/history\/(\d+)\/revert/g)].map(([, id]) => Number(id))
    }
    expect(await offered(ada)).toEqual([change + 1, change])
    expect(await offered(app.reader)).toEqual([])
    expect(await offered(ada, '?known_at=2026-11-25')).toEqual([])
    const { text } = await ada.get(revertPath(reference, change)).expect(200)
    expect(text).toContain('<del dir="auto">Ada</del> <ins dir="auto">Boris</ins>')
  })
})

describe('an edit is not taken back', () => {
  test('whose field was changed again since: the page says which, and keeps what was typed', async () => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris', summary: 'Rewritten.' })
    await edit(reference, { lead: 'Cyril' })
    const revision = await app.context.db.revision()
    const fields = { reason: 'My long reason.', version: await versionOf(reference) }
    const { text } = await send(reference, change, fields).expect(422)
    expect(text).toContain('lead was changed again since')
    expect(text).not.toContain('summary was changed')
    expect(text).toContain('>My long reason.</textarea>')
    expect(await app.context.db.revision()).toBe(revision)
    expect(await row(reference)).toMatchObject({ lead: 'Cyril', summary: 'Rewritten.' })
  })

  test('twice: what is as it was before needs nothing', async () => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris' })
    await revert(reference, change)
    const { text } = await send(reference, change, { reason: 'Again.', version: '3' }).expect(422)
    expect(text).toContain('there is nothing to take back')
    expect(await row(reference)).toMatchObject({ version: 3 })
  })

  test('when it is none: an entry, a change of status, a correction or a claim', async () => {
    const reference = await enter()
    const entry = await newest(reference)
    await ada.post(`/agreements/${reference}/status`).type('form').send(statusForm()).expect(303)
    const status = await newest(reference)
    const position = await read().selectFrom('positions').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()
    await ada
      .post(`/agreements/${reference}/positions/${position.id}/correct`)
      .type('form')
      .send({
        status: 'under_review',
        means: 'suspended',
        effective_on: '2026-11-01',
        reason: 'Misread.',
        version: '2',
      })
      .expect(303)
    const correction = await newest(reference)
    const claim = { stance: 'denies', status: 'under_review', asserted_by: 'A', source_title: 'B' }
    await ada.post(`/agreements/${reference}/claims`).type('form').send(claim).expect(303)
    for (const change of [entry, status, correction, await newest(reference)]) {
      const { text } = await send(reference, change.id, { reason: 'x', version: '3' }).expect(422)
      expect(text, change.kind).toContain('Only an edit is taken back like this')
    }
    expect(await row(reference)).toMatchObject({ version: 3, status: 'under_review' })
  })

  test('when it is none, and no form pretends that it could be', async () => {
    const reference = await enter()
    const { id } = await newest(reference)
    const { status, text } = await ada.get(revertPath(reference, id))
    expect(status).not.toBe(200)
    expect(text).not.toContain('Take the edit back</button>')
  })

  test('that is not there, or another agreement’s', async () => {
    const [reference, other] = [await enter(), await enter()]
    const foreign = await edit(other, { lead: 'Boris' })
    for (const id of ['0', '-1', 'x', '999999', '9'.repeat(30), '%00', String(foreign)]) {
      const path = `/agreements/${reference}/history/${id}/revert`
      await ada.get(path).expect(404)
      await ada.post(path).type('form').send({ reason: 'x', version: '1' }).expect(404)
      await ada.post(path).type('form').send({}).expect(404)
    }
    await ada.get(`/agreements/RUS-SYR-1900-1/history/${foreign}/revert`).expect(404)
    expect(await row(other)).toMatchObject({ lead: 'Boris' })
  })

  test.each([
    ['without a reason', { reason: '  ' }, 'Say why the edit is taken back'],
    ['without the version', { version: '' }, 'open the form again'],
    ['with a field that is none', { colour: 'red' }, 'Unknown field colour'],
    ['with two reasons', { reason: ['a', 'b'] }, 'is given more than once'],
  ])('%s', async (_how, more, message) => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris' })
    const { text } = await send(reference, change, { reason: 'My long reason.', version: '2', ...more }).expect(422)
    expect(text).toContain(message)
    if ('reason' in more) expect(text).toContain('<a href="#reason">')
    else expect(text).toContain('>My long reason.</textarea>')
    expect(await row(reference)).toMatchObject({ lead: 'Boris', version: 2 })
  })

  test('by a reader, from another site, or in the past', async () => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris' })
    const path = revertPath(reference, change)
    await app.reader.get(path).expect(303)
    await app.reader.post(path).type('form').send({ reason: 'x', version: '2' }).expect(401)
    await ada
      .post(path)
      .set('Sec-Fetch-Site', 'cross-site')
      .type('form')
      .send({ reason: 'x', version: '2' })
      .expect(403)
    await ada.get(`${path}?as_of=2025`).expect(400)
    expect(await row(reference)).toMatchObject({ lead: 'Boris', version: 2 })
  })
})

describe('whoever comes second', () => {
  test('gets a 409, keeps what was typed and can send it again', async () => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris' })
    const { version } = await row(reference)
    await edit(reference, { summary: 'Written meanwhile.' })
    const fields = { reason: 'My long reason.', version: String(version) }
    const { text } = await send(reference, change, fields).expect(409)
    expect(text).toContain('it is at version 3 now')
    expect(text).toContain('>My long reason.</textarea>')
    expect(text).toContain('name="version" value="3"')
    await send(reference, change, { ...fields, version: '3' }).expect(303)
    expect(await row(reference)).toMatchObject({ lead: 'Ada', summary: 'Written meanwhile.' })
  })

  test('is told what the first one did', async () => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Cyril' })
    await send(reference, change, { reason: 'Boris was faster.', version: '2' }, boris).expect(303)
    const { text } = await send(reference, change, { reason: 'My long reason.', version: '2' }).expect(409)
    expect(text).toContain('Boris')
    expect(text).toContain('took back an edit')
  })

  test('of two at the very same time one is recorded and one is told', async () => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris' })
    const fields = { reason: 'Now.', version: '2' }
    const answers = await Promise.all([send(reference, change, fields), send(reference, change, fields, boris)])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409])
    expect(await versionsOf(reference)).toHaveLength(3)
  })
})

test('the history’s CSV tells a revert field by field, with the edit that it took back', async () => {
  const reference = await enter()
  const change = await edit(reference, { lead: 'Boris' })
  await revert(reference, change)
  const { text } = await app.reader.get(`/agreements/${reference}/history.csv?kind=edit_reverted`).expect(200)
  const rows = parse(text, { columns: true }) as Record<string, string>[]
  expect(rows.map(({ field, before, after, reason }) => [field, before, after, reason])).toEqual([
    ['lead', 'Boris', 'Ada', 'It was a slip.'],
    ['reverts', '', `change ${change}`, 'It was a slip.'],
  ])
})

test('a form of any shape is answered, and never by a 500', async () => {
  const reference = await enter()
  const changes = [
    await edit(reference, { lead: 'Boris' }),
    await edit(reference, { summary: '<script>alert(1)</script>' }),
  ]
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom('1', '2', '3', '9'.repeat(400), '-1', '<script>alert(1)</script>'),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...changes, 1, 2),
      fc.array(fc.tuple(fc.constantFrom('reason', 'version', '__proto__', 'constructor', ''), value), { maxLength: 4 }),
      async (change, pairs) => {
        const body = new URLSearchParams(pairs.map(([name, typed]): [string, string] => [name, typed.toWellFormed()]))
        const { status, text } = await ada.post(revertPath(reference, change)).type('form').send(body.toString())
        expect([303, 404, 409, 422]).toContain(status)
        expect(text).not.toContain('<script>alert(1)</script>')
      },
    ),
    { numRuns: 60 },
  )
})

test('after all of this the register follows from its history, and nothing went wrong', async () => {
  expect(await verified(app)).toContain('all follow from the history')
  expect(app.errors).toEqual([])
})
