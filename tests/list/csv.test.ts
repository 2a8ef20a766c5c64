import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { csvRows } from '../support/asked.ts'
import { agreementForm } from '../support/forms.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'

const COLUMNS =
  'reference,title,status,means,status_since,contested,kind,sector,place,parties,countries,signed_on,in_force_on,expires_on,value_amount,value_currency,lead,next_review_on,summary,version,updated_at,url'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ seeds: true, env: { CLAUSULA_BASE_URL: 'http://register.example/' } })
})
afterAll(() => app.stop())

describe('the CSV of the list', () => {
  test('is a dated download with the columns of the contract', async () => {
    const { headers, text } = await app.reader.get('/agreements.csv').expect(200)
    expect(headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(headers['content-disposition']).toBe('attachment; filename="agreements-2026-11-23.csv"')
    expect(headers['cache-control']).toBe('private, no-cache')
    expect(text.split('\r\n')[0]).toBe(COLUMNS)
    expect(text.endsWith('\r\n')).toBe(true)
  })

  test('has every row of the filter, and the page says how many', async () => {
    const { text } = await app.reader.get('/agreements.csv?per_page=25').expect(200)
    expect(parse(text)).toHaveLength(46)
    expect((await app.reader.get('/agreements?per_page=25')).text).toContain('Export 45 rows')
    expect((await app.reader.get('/agreements?status=annulled')).text).toContain(
      'href="/agreements.csv?status=annulled"',
    )
  })

  test('has exact bytes', async () => {
    const { text } = await app.reader.get('/agreements.csv?q=RUS-SYR-2019-1').expect(200)
    const [row] = parse(text, { columns: true }) as Record<string, string>[]
    expect(row).toMatchObject({
      reference: 'RUS-SYR-2019-1',
      status: 'reassigned',
      means: 're_awarded',
      status_since: '2025-07-13',
      contested: 'no',
      kind: 'concession_or_lease',
      sector: 'ports',
      place: 'Tartus commercial port',
      countries: 'RU; SY',
      signed_on: '2019',
      in_force_on: '',
      value_amount: '500000000',
      value_currency: 'USD',
      version: '4',
      updated_at: '2026-11-23T12:00:00.000Z',
      url: 'http://register.example/agreements/RUS-SYR-2019-1',
    })
    expect(row?.['parties']).toMatch(/^STG Engineering; /)
  })

  test('begins with a mark for Excel when asked', async () => {
    const { text } = await app.reader.get('/agreements.csv?bom=1').expect(200)
    expect(text.startsWith('\ufeffreference,')).toBe(true)
    await app.reader.get('/agreements.csv?bom=yes').expect(400, 'bom: must be 1 or 0.\n')
  })

  test('what another list separator would make a formula is defused in every CSV', async () => {
    const analyst = await app.logIn('analyst')
    const title = 'a;=HYPERLINK(0);b'
    await analyst
      .post('/agreements')
      .type('form')
      .send(agreementForm({ title, status: 'active', status_since: '2025-03-01' }))
      .expect(303)
    for (const path of ['/agreements.csv', '/changes.csv', '/compare.csv?from=2025-01-01&to=2025-07-31']) {
      const { text } = await app.reader.get(path).expect(200)
      expect([path, text.includes(title)]).toEqual([path, false])
      expect(text).toContain(`"a;'=HYPERLINK(0);b"`)
    }
  })

  test('what was typed comes out the same, a formula defused', async () => {
    const analyst = await app.logIn('analyst')
    const summary = 'Two lines,\nwith "quotes", and ünïcödé 港口 ميناء'
    const { headers } = await analyst
      .post('/agreements')
      .type('form')
      .send(agreementForm({ title: '=HYPERLINK("x")', summary }))
      .expect(303)
    const reference = headers['location']?.split('/').at(-1) ?? ''
    const [row] = await csvRows(app, `/agreements.csv?q=${reference}`)
    expect(row).toMatchObject({ reference, title: `'=HYPERLINK("x")`, summary, place: '', lead: '' })
  })

  test('a reader who goes away half-way leaves nothing open', async () => {
    const controller = new AbortController()
    const response = await fetch(`${app.url}/agreements.csv`, { signal: controller.signal })
    controller.abort()
    await response.text().catch(() => undefined)
    await app.reader.get('/healthz').expect(200, 'ok')
    expect(app.errors).toEqual([])
  })
})
