import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { anyValue, encoded } from '../support/any-shape.ts'
import { decoded } from '../support/asked.ts'
import { openDesk } from '../support/desk.ts'
import { agreementForm } from '../support/forms.ts'
import { type Agent, testApp } from '../support/test-app.ts'
import { EXPORTS, listRows, PAGES, THEN } from './past.ts'

const desk = openDesk()
let admin: Agent
beforeAll(async () => {
  admin = await desk.app.logIn('admin')
})
const csv = (query: string, of = desk.app) => listRows(of, query)

describe('a moment', () => {
  test.each([
    ['as_of=2025-02-30', 'as_of', 'is not a date'],
    ['as_of=2025-13', 'as_of', 'is not a date'],
    ['as_of=0000', 'as_of', 'is not a date'],
    ['as_of=25-02-01', 'as_of', 'is not a date'],
    ['as_of=2025-2-1', 'as_of', 'is not a date'],
    ['as_of=2025-02-01T00:00:00Z', 'as_of', 'is not a date'],
    ['as_of=yesterday', 'as_of', 'is not a date'],
    ['as_of=2025-02-01&as_of=2025-02-02', 'as_of', 'may be given once only'],
    ['as_of=2025-02-01&as_of=', 'as_of', 'may be given once only'],
    ['known_at=2025', 'known_at', 'is not a time'],
    ['known_at=2025-02', 'known_at', 'is not a time'],
    ['known_at=2025-02-30', 'known_at', 'is not a time'],
    ['known_at=2025-02-10T24:00:00Z', 'known_at', 'is not a time'],
    ['known_at=2025-02-10T12:60:00Z', 'known_at', 'is not a time'],
    ['known_at=2025-02-10T12:00:00', 'known_at', 'is not a time'],
    ['known_at=2025-02-10T12:00:00%2B99:00', 'known_at', 'is not a time'],
    ['known_at=now', 'known_at', 'is not a time'],
    ['known_at=2026-11-24', 'known_at', 'is in the future'],
    ['known_at=2099-01-01', 'known_at', 'is in the future'],
    ['known_at=2026-11-23T12:00:01Z', 'known_at', 'is in the future'],
    ['known_at=2026-11-23T12:00:00-00:30', 'known_at', 'is in the future'],
    ['known_at=9999-12-31T23:30:00-01:00', 'known_at', 'is in the future'],
    ['known_at=2025-02-10&known_at=2025-02-11', 'known_at', 'may be given once only'],
    ['known_at=%00', 'known_at', 'is not a time'],
    [`as_of=${'9'.repeat(5_000)}`, 'as_of', 'is not a date'],
  ])('%s is a 400 that names it, on every page and export', async (query, name, message) => {
    for (const path of PAGES) {
      const { text } = await desk.app.reader.get(`${path}?${query}`).expect(400)
      expect(text, path).toContain(`<bdi>${name}</bdi>`)
      expect(text).toContain(message)
    }
    for (const path of EXPORTS) {
      const { text } = await desk.app.reader.get(`${path}?${query}`).expect(400)
      expect(text, path).toContain(`${name}: `)
    }
  })

  test('that is empty is now', async () => {
    for (const path of PAGES) {
      const { text } = await desk.app.reader.get(`${path}?as_of=&known_at=`).expect(200)
      expect(text, path).toContain('As of <b>today</b>, as known <b>today</b>')
    }
  })

  test('is said above every page, with a way back to today', async () => {
    for (const path of PAGES) {
      const { text } = await desk.app.reader.get(`${path}?${THEN}`).expect(200)
      expect(text, path).toContain('You are looking at the register')
      expect(text).toContain('As of <b>1 Feb 2025</b>, as known <b>at 23 Nov 2026, 12:00:00 UTC</b>')
      expect(text).toContain(`href="${path}" data-now>Back to today</a>`)
    }
    const { text } = await desk.app.reader.get(`/agreements?status=annulled&${THEN}&sort=title`).expect(200)
    expect(text).toContain('href="/agreements?status=annulled&amp;sort=title" data-now>Back to today')
  })

  test('of a month or a year says which day it counts as', async () => {
    expect((await desk.app.reader.get('/agreements?as_of=2025')).text).toContain(
      'As of <b>2025 (its first day, 1 Jan 2025)</b>',
    )
    expect(await csv('as_of=2025-07')).toEqual(
      (await csv('as_of=2025-07-01')).map((row) => ({ ...row, url: row['url']?.replace('07-01', '07') })),
    )
  })

  test('known on a day is known at its end; with an offset it is the instant that it means', async () => {
    const own = await testApp({ seeds: true })
    own.clock.set('2026-11-24T12:00:00.000Z')
    const eve = await own.logIn('analyst')
    await eve
      .post('/agreements')
      .type('form')
      .send(agreementForm({ status: 'active', status_since: '2020' }))
      .expect(303)
    const count = async (known: string) => (await csv(`known_at=${known}`, own)).length
    expect(await count('2026-11-23')).toBe(45)
    expect(await count('2026-11-24')).toBe(46)
    expect(await count('2026-11-24T11:59:59.999Z')).toBe(45)
    expect(await count('2026-11-24T12:00:00Z')).toBe(46)
    expect(await count('2026-11-24T13:59:59%2B02:00')).toBe(45)
    expect(await count('2026-11-24T14:00%2B02:00')).toBe(46)
    expect(await count('2026-11-24T06:59:59-05:00')).toBe(45)
    expect(await count('2026-11-24T07:00:00-05:00')).toBe(46)
    const { text } = await own.reader.get('/agreements?known_at=2026-11-24T14:00:00%2B02:00').expect(200)
    expect(text).toContain('as known <b>at 24 Nov 2026, 12:00:00 UTC</b>')
    const [link = ''] = /\/agreements\/[^"]*known_at=[^"]*/.exec(text) ?? []
    await own.reader.get(decoded(link)).expect(200)
    const { status, text: unencoded } = await own.reader.get('/agreements?known_at=2026-11-24T13:59:59+02:00')
    if (status === 200) expect(unencoded).toContain('45 agreements')
    else expect(unencoded).toContain('<bdi>known_at</bdi>')
  })
})

describe('a form', () => {
  test('is not opened in the past: what is written is written now', async () => {
    const position = await desk.app.context.db.read
      .selectFrom('positions')
      .innerJoin('agreements', 'agreements.id', 'agreement_id')
      .select('positions.id')
      .where('reference', '=', 'RUS-SYR-2019-1')
      .executeTakeFirstOrThrow()
    const forms = [
      '/agreements/new',
      '/agreements/RUS-SYR-2019-1/edit',
      '/agreements/RUS-SYR-2019-1/status',
      '/agreements/RUS-SYR-2019-1/status?to=annulled',
      `/agreements/RUS-SYR-2019-1/positions/${position.id}/correct`,
      '/agreements/RUS-SYR-2019-1/history/1/revert',
      '/claims/new',
      '/claims/new?status=annulled',
      '/sources/new',
      '/sources/1/edit',
    ]
    for (const path of forms) {
      for (const moment of ['as_of=2025-02-01', 'known_at=2026-11-23', THEN]) {
        const { text } = await admin.get(`${path}${path.includes('?') ? '&' : '?'}${moment}`).expect(400)
        expect(text, path).toContain('does not go with a form: what is written is written now')
      }
    }
  })
})

test('a closed register shows none of it to those without an account', async () => {
  const closed = await testApp({ seeds: true, env: { CLAUSULA_PUBLIC: 'false' } })
  const more = ['/compare?from=2024&to=2025', '/compare.csv?from=2024&to=2025', '/claims/new', '/sources/new']
  for (const path of [...PAGES, ...EXPORTS, ...more])
    await closed.reader
      .get(`${path}${path.includes('?') ? '&' : '?'}as_of=2025`)
      .expect(303)
      .expect('Location', /^\/login\?next=/)
})

test('an address of any shape is answered, and never by a 500', async () => {
  const value = fc.oneof(
    {
      weight: 2,
      arbitrary: anyValue(
        '2025',
        '2025-02',
        '2025-02-30',
        '0001',
        '9999-12-31',
        '0001-01-01T00:00:00+14:00',
        '9999-12-31T23:59:59-14:00',
        '2026-11-23T12:00:00Z',
        '<script>alert(1)</script>',
      ),
    },
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...PAGES, ...EXPORTS),
      fc.array(fc.tuple(fc.constantFrom('as_of', 'known_at', 'stance', 'grade', 'q', '__proto__', ''), value), {
        maxLength: 4,
      }),
      async (path, pairs) => {
        const query = encoded(pairs)
        const { status, text, headers } = await desk.app.reader.get(`${path}?${query}`)
        expect([200, 400, 404]).toContain(status)
        if (headers['content-type']?.startsWith('text/html')) expect(text).not.toContain('<script>alert(1)</script>')
      },
    ),
    { numRuns: 150 },
  )
  expect(desk.app.errors).toEqual([])
})
