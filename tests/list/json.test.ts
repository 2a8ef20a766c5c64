import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anyValue, encoded } from '../support/any-shape.ts'
import { csvRows, seenIn } from '../support/asked.ts'
import { AGREEMENT_CSV_COLUMNS } from '../../src/list/csv.ts'
import { agreementForm, statusForm } from '../support/forms.ts'
import { type Agent, MANY, startTestApp, testApp, type TestApp } from '../support/test-app.ts'

type Row = Record<string, unknown> & { positions: Record<string, unknown>[]; claims: Record<string, unknown>[] }

let app: TestApp
let ada: Agent
beforeAll(async () => {
  app = await startTestApp({ seeds: true, env: { CLAUSULA_BASE_URL: 'http://register.example/' } })
  ada = await app.logIn('analyst', 'Ada')
})
afterAll(() => app.stop())

const json = async (query = '', of = app) => {
  const { text } = await of.reader.get(`/agreements.json${query}`).expect(200)
  return JSON.parse(text) as Row[]
}
const csv = (query = '', of = app) => csvRows(of, `/agreements.csv${query}`)

/** What an element has beside the columns of the CSV, its positions and its claims. */
const MORE = ['term', 'value_note', 'titles', 'relations', 'notes']

describe('the JSON of the list', () => {
  test('is a dated download', async () => {
    const { headers } = await app.reader.get('/agreements.json').expect(200)
    expect(headers['content-type']).toBe('application/json; charset=utf-8')
    expect(headers['content-disposition']).toBe('attachment; filename="agreements-2026-11-23.json"')
    expect(headers['cache-control']).toBe('private, no-cache')
  })

  test.each(['?q=zzzzzz', '?as_of=1900', '?known_at=2020-01-01', '?status=reassigned&kind=loan'])(
    'of no row (%s) is an empty array',
    async (query) => {
      const { text } = await app.reader.get(`/agreements.json${query}`).expect(200)
      expect(text).toBe('[]\n')
    },
  )

  test('of one row is an array of one', async () => {
    const rows = await json('?q=RUS-SYR-2019-1')
    expect(rows.map(({ reference }) => reference)).toEqual(['RUS-SYR-2019-1'])
  })

  test.each([
    '',
    '?status=annulled',
    '?sort=title',
    '?sort=-signed_on&country=SY',
    '?q=tartus',
    '?contested=yes',
    '?per_page=25',
    '?as_of=2025-02-01',
    '?known_at=2026-11-23',
    '?as_of=2025-02-01&known_at=2026-11-23&sort=reference',
  ])('has the same rows as the CSV in the same order: %s', async (query) => {
    const [rows, lines] = [await json(query), await csv(query)]
    expect(rows.map(({ reference }) => reference)).toEqual(lines.map(({ reference }) => reference))
    for (const [index, row] of rows.entries()) {
      const { positions, claims, ...others } = row
      expect(Object.keys(others)).toEqual([...AGREEMENT_CSV_COLUMNS, ...MORE])
      for (const column of AGREEMENT_CSV_COLUMNS) {
        const value = row[column]
        const told = typeof value === 'number' ? String(value) : (value ?? '')
        expect(told).toBe((lines[index]?.[column] ?? '').replace(/^'(?=[=+\-@])/, ''))
      }
      expect(positions.length).toBeGreaterThan(0)
      expect(Array.isArray(claims)).toBe(true)
    }
  })

  test('has null for what is empty, in every column', async () => {
    const empty = (await json()).flatMap((row) => AGREEMENT_CSV_COLUMNS.filter((column) => row[column] === ''))
    expect([...new Set(empty)]).toEqual([])
  })

  test('keeps numbers as numbers, and what is not known as null', async () => {
    const [port] = await json('?q=RUS-SYR-2019-1')
    expect(port).toMatchObject({
      value_amount: 500_000_000,
      value_currency: 'USD',
      version: 4,
      in_force_on: null,
      lead: null,
    })
    expect(port?.['url']).toBe('http://register.example/agreements/RUS-SYR-2019-1')
  })

  test('tells titles by language, relations and notes as the version of its moment had them', async () => {
    const form = agreementForm({
      status: 'active',
      status_since: '2020',
      term: '49 years',
      value_note: 'in kind',
      title_ar: 'اتفاقية',
      relation_kind: ['follows'],
      relation_reference: ['RUS-SYR-2019-1'],
      note_field: ['signed_on'],
      note_value: ['2018'],
      note_url: ['https://other.example/a'],
      note_note: ['another paper'],
    })
    const { headers } = await ada.post('/agreements').type('form').send(form).expect(303)
    const address = headers['location'] ?? ''
    const reference = address.split('/').at(-1) ?? ''
    const first = {
      term: '49 years',
      value_note: 'in kind',
      titles: [{ lang: 'ar', title: 'اتفاقية' }],
      relations: [{ kind: 'follows', reference: 'RUS-SYR-2019-1' }],
      notes: [{ field: 'signed_on', value: '2018', url: 'https://other.example/a', note: 'another paper' }],
    }
    expect(await json(`?q=${reference}`)).toMatchObject([first])
    app.clock.set('2026-11-23T13:00:00.000Z')
    const emptied = { term: '', value_note: '', title_ar: '', relation_reference: '', note_value: '' }
    await ada
      .post(`${address}/edit`)
      .type('form')
      .send(agreementForm({ ...emptied, version: '1' }))
      .expect(303)
    const [now] = await json(`?q=${reference}`)
    expect(now).toMatchObject({ term: null, value_note: null, titles: [], relations: [], notes: [], version: 2 })
    expect(await json(`?q=${reference}&known_at=2026-11-23T12:30:00Z`)).toMatchObject([first])
  })

  test('tells every position with what it rests on, in the order in which they took effect', async () => {
    const [port] = await json('?q=RUS-SYR-2019-1')
    expect(port?.positions.map(({ status, means, effective_on }) => [status, means, effective_on])).toEqual([
      ['active', 'in_force', '2019'],
      ['annulled', 'terminated', '2025-01'],
      ['reassigned', 're_awarded', '2025-07-13'],
    ])
    for (const position of port?.positions ?? []) {
      expect(Object.keys(position)).toEqual([
        'status',
        'means',
        'effective_on',
        'reason',
        'decided_by',
        'recorded_at',
        'change',
        'corrects',
        'claims',
        'sources',
      ])
      const known = new Set(port?.claims.map(({ id }) => id))
      for (const claim of position['claims'] as number[]) expect(known).toContain(claim)
      for (const source of position['sources'] as object[])
        expect(Object.keys(source)).toEqual(['title', 'publisher', 'url'])
      const change = await app.context.db.read
        .selectFrom('changes')
        .select('kind')
        .where('id', '=', Number(position['change']))
        .executeTakeFirst()
      expect(['agreement_created', 'status_changed']).toContain(change?.kind)
    }
  })

  test('tells every claim with its source, its grade, what it repeats and whether it is settled', async () => {
    const form = agreementForm({ status: 'active', status_since: '2020' })
    const { headers } = await ada.post('/agreements').type('form').send(form).expect(303)
    const address = headers['location'] ?? ''
    const reference = address.split('/').at(-1) ?? ''
    const claim = { stance: 'asserts', status: 'annulled', asserted_by: 'Minister', effective_on: '2026-10-01' }
    const record = async (more: Record<string, string>) => {
      const { headers: made } = await ada
        .post(`${address}/claims`)
        .type('form')
        .send({ ...claim, ...more })
        .expect(303)
      return Number(made['location']?.split('-').at(-1))
    }
    const first = await record({
      said_on: '2026-10-02',
      means: 'denounced',
      credibility: '2',
      note: 'A "quoted"\nnote.',
      scope: 'all leases',
      source_title: '=1+1',
      source_publisher: 'Herald',
      source_url: 'https://herald.example/json',
      source_published_on: '2026-10',
      source_lang: 'fr',
      source_reliability: 'B',
    })
    const copy = await record({ source_title: 'Copied', repeats: String(first), effective_on: '' })
    const seen = seenIn((await ada.get(`/claims/${first}`)).text)
    const decision = { reason: 'Weighed.', seen, agreement: reference }
    await ada.post(`/claims/${first}/settle`).type('form').send(decision).expect(303)
    const [row] = await json(`?q=${reference}`)
    expect(row?.claims).toEqual([
      {
        id: copy,
        asserted_by: 'Minister',
        stance: 'asserts',
        status: 'annulled',
        means: null,
        effective_on: null,
        said_on: null,
        counts_from: null,
        grade: null,
        note: null,
        scope: null,
        repeats: first,
        // It repeats what was weighed: it is settled with it.
        settled_at: '2026-11-23T13:00:00.000Z',
        settled_because: 'Weighed.',
        recorded_at: '2026-11-23T13:00:00.000Z',
        source: { title: 'Copied', publisher: null, url: null, lang: null, published_on: null, reliability: null },
      },
      {
        id: first,
        asserted_by: 'Minister',
        stance: 'asserts',
        status: 'annulled',
        means: 'denounced',
        effective_on: '2026-10-01',
        said_on: '2026-10-02',
        counts_from: '2026-10-02',
        grade: 'B2',
        note: 'A "quoted"\nnote.',
        scope: 'all leases',
        repeats: null,
        settled_at: '2026-11-23T13:00:00.000Z',
        settled_because: 'Weighed.',
        recorded_at: '2026-11-23T13:00:00.000Z',
        source: {
          title: '=1+1',
          publisher: 'Herald',
          url: 'https://herald.example/json',
          lang: 'fr',
          published_on: '2026-10',
          reliability: 'B',
        },
      },
    ])
    expect(row?.['contested']).toBe('no')
  })

  test('tells positions and claims of its moment alone, and leads back to it', async () => {
    const [port] = await json('?q=RUS-SYR-2019-1&as_of=2025-02-01')
    expect(port).toMatchObject({
      status: 'annulled',
      url: 'http://register.example/agreements/RUS-SYR-2019-1?as_of=2025-02-01',
    })
    expect(port?.positions.map(({ effective_on }) => effective_on)).toEqual(['2019', '2025-01'])
    expect(port?.claims.length).toBeGreaterThan(0)
    const days = port?.claims.map((claim) => claim['counts_from'] as string | null)
    expect(days?.filter((day) => day !== null && day > '2025-02-01')).toEqual([])
    const [now] = await json('?q=RUS-SYR-2019-1')
    expect(now?.claims.length).toBeGreaterThan(port?.claims.length ?? 0)
  })

  test('as known before a change tells what was known, and its file says so', async () => {
    const form = agreementForm({ status: 'active', status_since: '2020', title: 'Known before' })
    const { headers } = await ada.post('/agreements').type('form').send(form).expect(303)
    const address = headers['location'] ?? ''
    const reference = address.split('/').at(-1) ?? ''
    app.clock.set('2026-11-24T12:00:00.000Z')
    await ada
      .post(`${address}/status`)
      .type('form')
      .send(statusForm({ source_title: 'Gazette', asserted_by: 'Minister' }))
      .expect(303)
    await ada
      .post(`${address}/edit`)
      .type('form')
      .send(agreementForm({ title: 'Known after', version: '2' }))
      .expect(303)
    const query = `?q=${reference}&known_at=2026-11-24T11:00:00%2B00:00`
    const [then] = await json(query)
    expect(then).toMatchObject({ title: 'Known before', status: 'active', version: 1 })
    expect(then?.positions).toHaveLength(1)
    expect(then?.claims).toEqual([])
    const { headers: file } = await app.reader.get(`/agreements.json${query}&as_of=2026`).expect(200)
    expect(file['content-disposition']).toBe(
      'attachment; filename="agreements-as-of-2026-known-2026-11-24T110000Z-2026-11-24.json"',
    )
    const [now] = await json(`?q=${reference}`)
    expect(now).toMatchObject({ title: 'Known after', status: 'under_review', version: 3 })
    expect(now?.claims).toHaveLength(1)
  })

  test.each([
    'status=lost',
    'colour=red',
    'bom=1',
    'as_of=2026-02-30',
    'known_at=2099-01-01',
    'q=a&q=b',
    'party=Nobody',
  ])('%s is a 400 in plain words that names it', async (query) => {
    const { text, headers } = await app.reader.get(`/agreements.json?${query}`).expect(400)
    expect(headers['content-type']).toContain('text/plain')
    expect(text).toContain(`${query.split('=')[0]}: `)
  })

  test('is reached from the list, with its filter', async () => {
    const { text } = await app.reader.get('/agreements?status=annulled&page=1&sort=title').expect(200)
    expect(text).toContain('href="/agreements.json?status=annulled&amp;sort=title"')
  })

  test('a reader who goes away half-way leaves nothing open', async () => {
    const controller = new AbortController()
    const response = await fetch(`${app.url}/agreements.json`, { signal: controller.signal })
    controller.abort()
    await response.text().catch(() => undefined)
    await app.reader.get('/healthz').expect(200, 'ok')
    expect(app.errors).toEqual([])
  })
})

test('a thousand rows are valid, complete and in the order of the CSV', async () => {
  const large = await testApp({ madeUp: MANY })
  for (const query of ['', '?sort=reference', '?known_at=2025-06-01&as_of=2020']) {
    const [rows, lines] = [await json(query, large), await csv(query, large)]
    expect(rows.map(({ reference }) => reference)).toEqual(lines.map(({ reference }) => reference))
    expect(new Set(rows.map(({ reference }) => reference)).size).toBe(rows.length)
    for (const { positions, status, status_since } of rows.slice(0, 300)) {
      const standing = positions.filter(({ effective_on }) => effective_on === status_since)
      expect(standing.map((one) => one['status'])).toContain(status)
    }
  }
  expect(await json('', large)).toHaveLength(MANY.agreements)
  const claims = (await json('', large)).reduce((sum, row) => sum + row.claims.length, 0)
  const { length } = await large.context.db.read.selectFrom('claim_agreements').select('claim_id').execute()
  expect(claims).toBe(length)
})

test('a query string of any shape is answered, and never by a 500', async () => {
  const value = anyValue(
    'annulled',
    'SY',
    '2025-02-01',
    '2025-02-30',
    'reference',
    '-title',
    '9'.repeat(40),
    "' or 1=1 --",
    '"*',
  )
  const names = fc.constantFrom(
    'q',
    'status',
    'country',
    'sort',
    'as_of',
    'known_at',
    'party',
    'page',
    '__proto__',
    'constructor',
    '',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(names, value), { maxLength: 5 }), async (pairs) => {
      const query = encoded(pairs)
      const { status, text } = await app.reader.get(`/agreements.json?${query}`)
      expect([200, 400]).toContain(status)
      if (status === 200) expect(Array.isArray(JSON.parse(text))).toBe(true)
    }),
    { numRuns: 100 },
  )
  expect(app.errors).toEqual([])
})
