import { request } from 'node:http'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anyValue, encoded } from './support/any-shape.ts'
import { agreementForm, statusForm } from './support/forms.ts'
import { type Agent, startTestApp, type TestApp } from './support/test-app.ts'

let app: TestApp
let admin: Agent
beforeAll(async () => {
  app = await startTestApp({ seeds: true })
  admin = await app.logIn('admin')
})
afterAll(() => app.stop())

/** Asks for the list with these headers, one more than once as well; the status, and the text. */
async function raw(headers: string[]): Promise<[number | undefined, string]> {
  return new Promise((resolve, reject) => {
    const asked = request(`${app.url}/agreements`, { headers, setHost: false }, (answer) => {
      let said = ''
      answer.on('data', (chunk: Buffer) => (said += chunk.toString()))
      answer.once('end', () => resolve([answer.statusCode, said]))
    })
    asked.once('error', reject)
    asked.end()
  })
}

const NASTY: [string, string | string[]][] = [
  ['a NUL', 'a\u0000b'],
  ['control characters', '\u0001\u0007\u001b[31m'],
  ['an override of direction', 'a\u202eb'],
  ['a lone surrogate, as it arrives', '\ufffd'],
  ['10,001 characters', 'x'.repeat(10_001)],
  ['the same field twice', ['one', 'two']],
]

/** Fields that may be repeated take two values as two rows. */
const MAY_REPEAT = new Set([
  'party_name',
  'party_type',
  'party_country',
  'party_role',
  'party_choice',
  'place',
  'place_kind',
  'place_country',
  'place_choice',
  'signed_at',
  'relation_kind',
  'relation_reference',
  'note_field',
  'note_value',
  'note_url',
  'note_note',
  'claim',
])

const AGREEMENT_FIELDS = [
  'title',
  'title_is_descriptive',
  'title_ar',
  'kind',
  'sector',
  'signed_on',
  'in_force_on',
  'expires_on',
  'term',
  'value_amount',
  'value_currency',
  'value_note',
  'summary',
  'lead',
  'next_review_on',
  'status',
  'means',
  'status_since',
  'reason',
  'party_name',
  'party_type',
  'party_country',
  'party_role',
  'place',
  'signed_at',
  'relation_reference',
  'note_value',
  'note_url',
  'version',
]
const STATUS_FIELDS = [
  'status',
  'means',
  'effective_on',
  'reason',
  'claim',
  'source_title',
  'source_publisher',
  'source_url',
  'source_published_on',
  'asserted_by',
  'new_party_name',
  'new_party_type',
  'new_party_country',
  'taken_over_by',
  'version',
  'confirm',
]

describe.each(NASTY)('%s', (_what, value) => {
  test.each(AGREEMENT_FIELDS)('in the field %s of an agreement is a 422, and nothing is written', async (field) => {
    if (Array.isArray(value) && MAY_REPEAT.has(field)) return
    const revision = await app.context.db.revision()
    const { text } = await admin
      .post('/agreements')
      .type('form')
      .send(agreementForm({ [field]: value }))
      .expect(422)
    expect(text).toContain('Please check')
    expect(await app.context.db.revision()).toBe(revision)
  })

  test.each(STATUS_FIELDS)('in the field %s of a change of status is a 422, and nothing is written', async (field) => {
    if (Array.isArray(value) && MAY_REPEAT.has(field)) return
    const revision = await app.context.db.revision()
    const { text } = await admin
      .post('/agreements/RUS-SYR-2017-2/status')
      .type('form')
      .send(statusForm({ status: 'active', means: 'confirmed', version: '3', [field]: value }))
      .expect(422)
    expect(text).toContain('Please check')
    expect(await app.context.db.revision()).toBe(revision)
  })
})

describe('a request', () => {
  test('with a megabyte of text is a 413 that says so', async () => {
    const { text } = await admin
      .post('/agreements')
      .type('form')
      .send(agreementForm({ summary: 'x'.repeat(1_048_576) }))
      .expect(413)
    expect(text).toContain('larger than any form here')
    await admin
      .post('/login')
      .type('form')
      .send({ email: 'x'.repeat(1_048_576) })
      .expect(413)
  })

  test('with thousands of fields is a 413', async () => {
    await admin.post('/agreements').type('form').send('a=1&'.repeat(2_001)).expect(413)
  })

  test('that is JSON, or nothing, where a form is asked for is a 422', async () => {
    await admin.post('/agreements').send({ title: 'x' }).expect(422)
    await admin.post('/agreements').expect(422)
    await admin.post('/agreements').type('form').send('%').expect(422)
    await admin.post('/agreements').type('text/plain').send('x').expect(422)
  })

  test('in a charset or encoding that nobody reads is a 415', async () => {
    await admin
      .post('/agreements')
      .set('Content-Type', 'application/x-www-form-urlencoded; charset=koi8-r')
      .send('title=x')
      .expect(415)
    await admin.post('/agreements').set('Content-Encoding', 'snappy').type('form').send('title=x').expect(415)
  })

  test.each([
    '/agreements/%00',
    '/agreements/%E0%A4%A',
    '/agreements/..%2f..%2fetc',
    `/agreements/${'x'.repeat(5_000)}`,
    '/agreements/RUS-SYR-2019-1%20',
    '/agreements/rus-syr-2019-1x',
    '/parties/%00',
    '/places/%ff',
    '/nowhere',
    '/agreements/RUS-SYR-2019-1/nowhere',
    '/setup?token=a&token=b',
    '/login?next=a&next=b',
    '/agreements?q=%ED%A0%80',
    '/agreements?q[]=x',
    '/agreements?status[a]=x',
    '/agreements?__proto__=x',
    '/agreements?constructor=x',
    '/changes?actor=1e9',
    '/changes?page=99999',
    '/agreements?page=9999999',
    '/assets/%00',
  ])('for %s is answered, not by a 500', async (path) => {
    const { status, text } = await app.reader.get(path)
    expect([200, 400, 403, 404, 410]).toContain(status)
    expect(text).not.toContain('Something went wrong')
  })

  test('by another method is a 404', async () => {
    await admin.put('/agreements').expect(404)
    await admin.delete('/agreements/RUS-SYR-2019-1').expect(404)
  })

  test('HEAD is answered like GET', async () => {
    await app.reader.head('/agreements').expect(200)
    await app.reader.head('/agreements.csv').expect(200)
  })

  test('naming two hosts is a 400, also for what has not changed', async () => {
    const { etag = '' } = (await app.reader.get('/agreements').expect(200)).headers
    for (const more of [[], ['If-None-Match', etag], ['Cookie', 'a=b']]) {
      const [status] = await raw(['Host', 'register.example.org', ...more, 'hOST', 'evil.example'])
      expect(status).toBe(400)
    }
    const [status, text] = await raw(['Host', 'register.example.org'])
    expect([status, text.includes('</html>')]).toEqual([200, true])
  })

  test.each(['__proto__', '%5F%5Fproto__', '[__proto__]', 'constructor', 'colour'])(
    'with a field %s that no form has is a 422',
    async (field) => {
      const { text } = await admin.post('/sources').type('form').send(`source_title=x&${field}=1`).expect(422)
      expect(text).toContain(`Unknown field ${decodeURIComponent(field).replaceAll(/[[\]]/g, '')}`)
    },
  )

  test('that breaks off half-way harms nobody', async () => {
    await new Promise<void>((resolve) => {
      const broken = request(`${app.url}/agreements`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '1000' },
      })
      broken.on('error', () => resolve())
      broken.write('title=half')
      broken.destroy(new Error('gone'))
    })
    await app.reader.get('/healthz').expect(200)
  })

  test('of any shape is answered, and never by a 500', async () => {
    const fields = [...AGREEMENT_FIELDS, ...STATUS_FIELDS, '__proto__', 'constructor', 'title_', 'title_xx', '']
    const value = anyValue(
      '2019-02-30',
      '2019-13',
      '9'.repeat(400),
      '-1',
      '1e999',
      'null',
      "' or 1=1 --",
      '<script>alert(1)</script>',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          '/agreements',
          '/agreements/RUS-SYR-2017-2/edit',
          '/agreements/RUS-SYR-2017-2/status',
          '/admin/users',
          '/account/password',
        ),
        fc.array(fc.tuple(fc.constantFrom(...fields), value), { maxLength: 12 }),
        async (path, pairs) => {
          const { status, text } = await admin.post(path).type('form').send(encoded(pairs))
          expect([303, 409, 413, 422, 429]).toContain(status)
          expect(text).not.toContain('<script>alert(1)</script>')
        },
      ),
      { numRuns: 150 },
    )
    expect(app.errors).toEqual([])
  })
})

test('markup that was typed is shown as text, everywhere', async () => {
  const nasty = '<img src=x onerror=alert(1)>"\'&'
  const form = agreementForm({
    title: nasty,
    summary: nasty,
    sector: nasty,
    lead: nasty,
    term: nasty,
    title_ar: nasty,
    party_name: [nasty, 'Syria'],
    party_role: [nasty, nasty],
    place: nasty,
    note_value: nasty,
    reason: nasty,
  })
  const { headers } = await admin.post('/agreements').type('form').send(form).expect(303)
  const address = headers['location'] ?? ''
  for (const path of [
    address,
    `${address}/edit`,
    `${address}/status`,
    `${address}/history`,
    '/agreements',
    '/changes',
    '/',
    '/parties',
    '/places',
    `/agreements?q=${encodeURIComponent('<img')}`,
  ]) {
    const { text } = await admin.get(path).expect(200)
    expect(text, path).not.toContain('<img src=x')
  }
})
