import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bulkInsert } from '../../src/database/engines/bulk-insert.ts'
import { generateRegister } from '../../src/made-up/register.ts'
import { anyValue, encoded } from '../support/any-shape.ts'
import { csvRows, seenIn } from '../support/asked.ts'
import { enterAgreement, openDesk } from '../support/desk.ts'
import { agreementForm } from '../support/forms.ts'
import { type Fields, SOME, testApp } from '../support/test-app.ts'
import { verified } from '../support/verified.ts'

const desk = openDesk()

const read = () => desk.app.context.db.read
let sources = 0
const claimForm = (more: Fields = {}): Fields => ({
  stance: 'asserts',
  status: 'under_review',
  asserted_by: 'The foreign ministry',
  said_on: '2025-07-31',
  source_title: `Briefing ${(sources += 1)}`,
  scope: 'all agreements between the two states',
  ...more,
})
const send = (fields: Fields) => desk.ada.post('/claims').type('form').send(fields)
const enter = (more: Fields = {}) => enterAgreement(desk.ada, { means: '', ...more })

const listed = async (query: string) => {
  const rows = await csvRows(desk.app, `/agreements.csv${query}`)
  return rows.map((row) => row['reference'] ?? '').toSorted()
}

/** What a page of the form shows: the agreements that would be covered, and what goes with the form unseen. */
function shown(text: string) {
  const preview = text.slice(text.indexOf('<ul class="preview-list">'), text.indexOf('</details>'))
  const hidden = (name: string) =>
    new RegExp(` name="${name}" value="([^"]*)"`).exec(text)?.[1]?.replaceAll('&amp;', '&') ?? null
  return {
    count: Number(/It would cover ([\d,]+) agreement/.exec(text)?.[1]?.replaceAll(',', '') ?? 0),
    references: [...preview.matchAll(/<a class="reference" href="\/agreements\/([^"]+)"/g)].map(([, one = '']) => one),
    filter: hidden('filter'),
    previewed: hidden('previewed'),
  }
}
const open = async (query: string) => shown((await desk.ada.get(`/claims/new${query}`).expect(200)).text)

/** The agreements that a recorded claim is about. */
const covered = async (location: string | undefined) => {
  const rows = await read()
    .selectFrom('claim_agreements')
    .innerJoin('agreements', 'agreements.id', 'agreement_id')
    .select('reference')
    .where('claim_id', '=', Number(location?.split('/').at(-1)))
    .orderBy('reference')
    .execute()
  return rows.map(({ reference }) => reference)
}

describe('the preview', () => {
  test.each([
    '?country=RU&country=SY',
    '?country=RU&country=SY&status=active',
    '?status=annulled&status=reassigned',
    '?q=tartus',
    '?contested=yes',
    '?kind=loan',
    '?signed_from=2019&signed_to=2019',
    '?country=SY&sort=title&per_page=25',
  ])('of %s shows exactly the agreements of the list, and they are recorded', async (query) => {
    const references = await listed(query)
    expect(references.length).toBeGreaterThan(0)
    const { count, references: previewed, ...hidden } = await open(query)
    expect(previewed).toEqual(references)
    expect(count).toBe(references.length)
    const { headers } = await send(claimForm({ ...(hidden as Fields) })).expect(303)
    expect(await covered(headers['location'])).toEqual(references)
  })

  test('of the whole list shows the whole list', async () => {
    const { text } = await desk.ada.get('/agreements').expect(200)
    const href = /href="(\/claims\/new[^"]*)">Claim about these/.exec(text)?.[1] ?? ''
    const { count } = shown((await desk.ada.get(href).expect(200)).text)
    expect(count).toBe((await listed('')).length)
  })

  test('is asked for from the list, with its filter', async () => {
    const { text } = await desk.ada.get('/agreements?status=annulled&sort=-signed_on&page=1').expect(200)
    expect(text).toContain('href="/claims/new?status=annulled">Claim about these')
  })

  test('of what nobody can read is a 400 that names it', async () => {
    for (const query of ['?colour=red', '?status=lost', '?signed_from=2019-02-30', '?page=0']) {
      const { text } = await desk.ada.get(`/claims/new${query}`).expect(400)
      expect(text).toContain(`<bdi>${query.slice(1).split('=')[0]}</bdi>`)
    }
  })

  test('of what the register does not know says so, as the list does', async () => {
    for (const query of ['?party=Nobody', '?place=Atlantis', '?sector=alchemy', '?lead=Nobody']) {
      const [name] = query.slice(1).split('=')
      await desk.ada.get(`/agreements${query}`).expect(400)
      const { text } = await desk.ada.get(`/claims/new${query}`)
      expect(text, query).toMatch(new RegExp(`of the register|leads no agreement|<bdi>${name}</bdi>`))
    }
  })

  test('a stance or a source that is none is not passed over in silence', async () => {
    for (const query of ['?stance=maybe', '?source=1&source=2', '?stance=asserts&stance=denies'])
      await desk.ada.get(`/claims/new${query}`).expect(400)
    const { text } = await desk.ada.get('/claims/new?source=1&stance=denies').expect(200)
    expect(text).toContain('From source 1:')
    expect(text).toContain('<option value="denies" selected>')
  })
})

describe('a claim about many', () => {
  test('is recorded once, counts for each, and is in the history of each', async () => {
    const query = '?country=RU&country=SY&status=under_review'
    const references = await listed(query)
    const { filter, previewed } = await open(query)
    const { headers } = await send(
      claimForm({ stance: 'denies', filter: filter ?? '', previewed: previewed ?? '' }),
    ).expect(303)
    const id = headers['location']?.split('/').at(-1) ?? ''
    const changes = await read().selectFrom('changes').selectAll().where('subject', '=', `claim:${id}`).execute()
    expect(changes).toHaveLength(1)
    expect(changes[0]).toMatchObject({ kind: 'claim_added', agreement: null })
    expect(JSON.parse(changes[0]?.after ?? '')).toMatchObject({ agreements: references })
    for (const reference of references) {
      expect((await desk.app.reader.get(`/agreements/${reference}`)).text).toContain(`id="claim-${id}"`)
      expect((await desk.app.reader.get(`/agreements/${reference}/history`)).text).toContain(
        'The foreign ministry denies Under review',
      )
    }
    expect(await listed(`${query}&contested=yes`)).toEqual(references)
    const { text } = await desk.ada.get(`/claims/${id}`).expect(200)
    expect(text).toContain(`About ${references.length} agreements`)
    const agreement = references
    const seen = seenIn(text)
    await desk.ada.post(`/claims/${id}/settle`).type('form').send({ reason: 'Weighed.', seen, agreement }).expect(303)
    expect(await listed(`${query}&contested=yes`)).not.toEqual(expect.arrayContaining(references))
  })

  test('names its agreements one by one, in any case, parted by spaces, commas or lines, each once', async () => {
    const typed = 'rus-syr-2019-1, RUS-SYR-2017-2\r\nRUS-SYR-2019-1;RUS-SYR-2015-1'
    const { headers } = await send(claimForm({ agreements: typed })).expect(303)
    expect(await covered(headers['location'])).toEqual(['RUS-SYR-2015-1', 'RUS-SYR-2017-2', 'RUS-SYR-2019-1'])
    expect((await desk.ada.get(headers['location'] ?? '')).text).toContain('is recorded about 3 agreements.')
  })

  test('names others beside those of a filter, and shows all of them before they are recorded', async () => {
    const { filter, previewed } = await open('?status=annulled')
    const fields = claimForm({ agreements: 'RUS-SYR-2019-1', filter: filter ?? '', note: 'What I typed stays.' })
    const expected = [...(await listed('?status=annulled')), 'RUS-SYR-2019-1'].toSorted()
    const { text } = await send({ ...fields, previewed: previewed ?? '' }).expect(422)
    expect(text).toContain('What I typed stays.')
    expect(shown(text).references).toEqual(expected)
    const { headers } = await send({ ...fields, previewed: shown(text).previewed ?? '' }).expect(303)
    expect(await covered(headers['location'])).toEqual(expected)
  })

  test('whose filter has others than were shown is a 422 with the new preview and everything typed', async () => {
    const { filter, previewed } = await open('?sector=ports&status=active')
    const added = await enter()
    const fields = claimForm({ note: 'What I typed stays.', credibility: '3', source_publisher: 'So does this' })
    const revision = await desk.app.context.db.revision()
    const { text } = await send({ ...fields, filter: filter ?? '', previewed: previewed ?? '' }).expect(422)
    expect(await desk.app.context.db.revision()).toBe(revision)
    const now = shown(text)
    expect(now.references).toContain(added)
    expect(now.references).toEqual(await listed('?sector=ports&status=active'))
    expect(text).toContain(`The filter has ${now.count} agreements now`)
    expect(text).toContain('<a href="#agreements">')
    expect(text).toContain('>What I typed stays.</textarea>')
    expect(text).toContain('value="So does this"')
    expect(text).toContain('<option value="3" selected>')
    expect(now.filter).toBe(filter)
    const { headers } = await send({ ...fields, filter: now.filter ?? '', previewed: now.previewed ?? '' }).expect(303)
    expect(await covered(headers['location'])).toEqual(now.references)
  })

  test('whose filter has as many as were shown, but others, is a 422 too', async () => {
    const one = await enter({ sector: 'tolls' })
    const { filter, previewed } = await open('?sector=tolls')
    await enter({ sector: 'tolls' })
    const { version } = await read()
      .selectFrom('agreements')
      .select('version')
      .where('reference', '=', one)
      .executeTakeFirstOrThrow()
    await desk.ada
      .post(`/agreements/${one}/edit`)
      .type('form')
      .send(agreementForm({ sector: 'ports', version: String(version) }))
      .expect(303)
    expect(await listed('?sector=tolls')).toHaveLength(1)
    await send(claimForm({ filter: filter ?? '', previewed: previewed ?? '' })).expect(422)
  })

  test('without a preview of its filter is a 422 that shows it', async () => {
    for (const previewed of [undefined, '', 'x']) {
      const { text } = await send(
        claimForm({ filter: '?status=annulled', ...(previewed === undefined ? {} : { previewed }) }),
      ).expect(422)
      expect(shown(text).references).toEqual(await listed('?status=annulled'))
    }
  })

  test('about none is a 422', async () => {
    for (const fields of [{}, { agreements: ' ,; ' }, { filter: '' }]) {
      const { text } = await send(claimForm(fields)).expect(422)
      expect(text).toContain('Name at least one agreement')
    }
    const { count, filter, previewed } = await open('?q=zzzzzz')
    expect(count).toBe(0)
    const { text } = await send(claimForm({ filter: filter ?? '', previewed: previewed ?? '' })).expect(422)
    expect(text).toContain('Name at least one agreement')
  })

  test('about one that is not there is a 422 that names it', async () => {
    const revision = await desk.app.context.db.revision()
    const typed = 'RUS-SYR-2019-1 RUS-SYR-1900-1 <b>'
    const { text } = await send(claimForm({ agreements: typed, note: 'What I typed stays.' })).expect(422)
    expect(text).toContain('There is no agreement RUS-SYR-1900-1, &lt;B&gt;')
    expect(text).toContain('RUS-SYR-2019-1 RUS-SYR-1900-1 &lt;b&gt;')
    expect(text).toContain('What I typed stays.')
    expect(await desk.app.context.db.revision()).toBe(revision)
  })

  test('with a reference that is wrong the agreements of the filter are still shown', async () => {
    const { filter, previewed } = await open('?status=annulled')
    const fields = claimForm({ filter: filter ?? '', previewed: previewed ?? '' })
    const { text } = await send({ ...fields, agreements: 'RUS-SYR-1900-1' }).expect(422)
    expect(text).toContain('There is no agreement RUS-SYR-1900-1')
    expect(shown(text).references).toEqual(await listed('?status=annulled'))
    const { headers } = await send({ ...fields, previewed: shown(text).previewed ?? '', agreements: '' }).expect(303)
    expect(await covered(headers['location'])).toEqual(await listed('?status=annulled'))
  })

  test.each([
    ['?status=lost', 'is not a status'],
    ['?colour=red', 'is not a filter of this list'],
    ['?party=Nobody', 'is not a party of the register'],
    ['?q=a&q=b', 'may be given once only'],
    [`?q=${'x'.repeat(300)}`, 'give at most 200 characters'],
  ])('with the filter %s, which cannot be read, is a 422 that says so', async (filter, message) => {
    const revision = await desk.app.context.db.revision()
    const { text } = await send(claimForm({ filter, previewed: 'x', note: 'What I typed stays.' })).expect(422)
    expect(text).toContain('The filter cannot be read')
    expect(text).toContain(message)
    expect(text).toContain('What I typed stays.')
    expect(text).not.toContain('<script>alert(1)</script>')
    expect(await desk.app.context.db.revision()).toBe(revision)
  })

  test('with a filter that asks for nothing shows the whole register before anything is recorded', async () => {
    for (const filter of ['?', 'colour', '?status=']) {
      const { text } = await send(claimForm({ filter, previewed: 'x' })).expect(422)
      expect(shown(text).references).toEqual(await listed(''))
    }
  })

  test('keeps what was typed when something else is wrong, and the filter with its preview', async () => {
    const { filter, previewed, references } = await open('?status=annulled')
    const fields = { filter: filter ?? '', previewed: previewed ?? '', agreements: 'RUS-SYR-2019-1' }
    const { text } = await send(claimForm({ ...fields, asserted_by: '' })).expect(422)
    expect(text).toContain('<a href="#asserted_by">')
    expect(shown(text).filter).toBe(filter)
    expect(shown(text).references).toEqual([...references, 'RUS-SYR-2019-1'].toSorted())
    expect(text).toMatch(/<textarea[^>]*name="agreements"[^>]*>RUS-SYR-2019-1<\/textarea>/)
  })
})

test('the form is for analysts, and for now', async () => {
  await desk.app.reader.get('/claims/new').expect(303)
  await desk.app.reader.post('/claims').type('form').send(claimForm()).expect(401)
  const reader = await desk.app.logIn('reader')
  await reader.get('/claims/new').expect(403)
  await reader.post('/claims').type('form').send(claimForm()).expect(403)
  await desk.ada.post('/claims').set('Sec-Fetch-Site', 'cross-site').type('form').send(claimForm()).expect(403)
  for (const query of ['as_of=2025-02-01', 'known_at=2025-02-10', 'status=annulled&as_of=2025'])
    expect((await desk.ada.get(`/claims/new?${query}`).expect(400)).text).toContain('does not go with a form')
})

test('what is asked for about too many at once says how many are too many', async () => {
  const large = await testApp()
  await generateRegister(large.context, { agreements: 201, changes: 201, seed: 3, report: () => undefined })
  const analyst = await large.logIn('analyst')
  const { text: form } = await analyst.get('/claims/new?sort=title').expect(200)
  const { count, references, filter, previewed } = shown(form)
  expect([count, references.length]).toEqual([201, 200])
  expect(form).toContain('and 1 more.')
  const fields = claimForm({ filter: filter ?? '', previewed: previewed ?? '' })
  const { headers } = await analyst.post('/claims').type('form').send(fields).expect(303)
  const { text } = await analyst.get(headers['location'] ?? '').expect(200)
  const seen = seenIn(text)
  const agreement = [...text.matchAll(/ name="agreement" value="([^"]*)"/g)].map(([, one = '']) => one)
  expect(agreement).toHaveLength(201)
  const answer = await analyst
    .post(`${headers['location']}/settle`)
    .type('form')
    .send({ reason: 'Weighed.', seen, agreement })
  expect(answer.text).not.toContain('Invalid input')
  if (answer.status !== 303) expect(answer.text).toContain('at most 200')
})

test('a class larger than the limit is refused with a sentence, on the form as when it is sent', async () => {
  const large = await testApp({ madeUp: SOME })
  const { id: _, ...row } = await large.context.db.read.selectFrom('agreements').selectAll().executeTakeFirstOrThrow()
  // The rows alone: what a limit counts needs no history.
  const more = Array.from({ length: 10_001 - SOME.agreements }, (_one, n) => ({
    ...row,
    reference: `${row.reference}-${n}`,
  }))
  await large.context.db.transaction((trx) => bulkInsert(trx, 'agreements', more))
  const analyst = await large.logIn('analyst')
  const message = 'The filter has more than 10,000 agreements: narrow it'
  const revision = await large.context.db.revision()
  const { text } = await analyst
    .post('/claims')
    .type('form')
    .send(claimForm({ filter: '?sort=title', previewed: 'x', note: 'What I typed stays.' }))
    .expect(422)
  expect(text).toContain(message)
  expect(text).toContain('What I typed stays.')
  expect(await large.context.db.revision()).toBe(revision)
  expect((await analyst.get('/claims/new?sort=title').expect(200)).text).toContain('narrow it')
})

test('a query string or a form of any shape is answered, and never by a 500', async () => {
  const names = [
    'status',
    'country',
    'party',
    'q',
    'sort',
    'page',
    'stance',
    'source',
    'signed_from',
    '__proto__',
    'constructor',
    'filter',
    '',
  ]
  const fields = [
    ...Object.keys(claimForm()),
    'agreements',
    'filter',
    'previewed',
    'repeats',
    'source',
    'source_url',
    '__proto__',
  ]
  const value = anyValue(
    'annulled',
    'asserts',
    'RUS-SYR-2019-1',
    '?status=annulled',
    '%',
    '&=&',
    '9'.repeat(40),
    '-signed_on',
    '<script>alert(1)</script>',
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 5 }),
      fc.array(fc.tuple(fc.constantFrom(...fields), value), { maxLength: 12 }),
      async (query, form) => {
        const { status, text } = await desk.ada.get(`/claims/new?${encoded(query)}`)
        expect([200, 400]).toContain(status)
        expect(text).not.toContain('<script>alert(1)</script>')
        const answer = await send(Object.fromEntries(form.map(([name, typed]) => [name, typed.toWellFormed()])))
        expect([303, 422]).toContain(answer.status)
        expect(answer.text).not.toContain('<script>alert(1)</script>')
      },
    ),
    { numRuns: 60 },
  )
})

test('after all of this the register follows from its history, and nothing went wrong', async () => {
  expect(await verified(desk.app)).toContain('all follow from the history')
  expect(desk.app.errors).toEqual([])
})
