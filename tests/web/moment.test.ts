import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SORTS } from '../../src/list/order.ts'
import { agreementForm, statusForm } from '../support/forms.ts'
import { type Agent, startTestApp, testApp, type TestApp } from '../support/test-app.ts'

type Row = Record<string, string>

let app: TestApp
let admin: Agent
beforeAll(async () => {
  app = await startTestApp({ seeds: true, env: { CLAUSULA_BASE_URL: 'https://register.example/' } })
  admin = await app.logIn('admin')
})
afterAll(() => app.stop())

const AS_OF = '2025-02-01'
const KNOWN_AT = '2026-11-23T12:00:00Z'
const THEN = `as_of=${AS_OF}&known_at=${encodeURIComponent(KNOWN_AT)}`

const csv = async (query: string, of = app) => {
  const { text } = await of.reader.get(`/agreements.csv?${query}`).expect(200)
  return parse(text, { columns: true }) as Row[]
}
const decode = (html: string) =>
  html
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

/** Every page that can be looked at as of a day, one of each kind. */
const PAGES = [
  '/',
  '/agreements',
  '/agreements/timeline',
  '/agreements/RUS-SYR-2019-1',
  '/agreements/RUS-SYR-2019-1/claims',
  '/agreements/RUS-SYR-2019-1/history',
  '/agreements/RUS-SYR-2019-1/compare',
  '/changes',
  '/compare',
  '/parties',
  '/parties/dp-world',
  '/places',
  '/places/tartus-commercial-port',
  '/sources',
  '/sources/1',
  '/claims/1',
]
const EXPORTS = ['/agreements.csv', '/agreements.json', '/changes.csv', '/agreements/RUS-SYR-2019-1/history.csv']

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
      const { text } = await app.reader.get(`${path}?${query}`).expect(400)
      expect(text, path).toContain(`<bdi>${name}</bdi>`)
      expect(text).toContain(message)
    }
    for (const path of EXPORTS) {
      const { text } = await app.reader.get(`${path}?${query}`).expect(400)
      expect(text, path).toContain(`${name}: `)
    }
  })

  test('that is empty is now', async () => {
    for (const path of PAGES) {
      const { text } = await app.reader.get(`${path}?as_of=&known_at=`).expect(200)
      expect(text, path).toContain('As of <b>today</b>, as known <b>today</b>')
    }
  })

  test('is said above every page, with a way back to today', async () => {
    for (const path of PAGES) {
      const { text } = await app.reader.get(`${path}?${THEN}`).expect(200)
      expect(text, path).toContain('You are looking at the register')
      expect(text).toContain('As of <b>1 Feb 2025</b>, as known <b>at 23 Nov 2026, 12:00:00 UTC</b>')
      expect(text).toContain(`href="${path}" data-now>Back to today</a>`)
    }
    const { text } = await app.reader.get(`/agreements?status=annulled&${THEN}&sort=title`).expect(200)
    expect(text).toContain('href="/agreements?status=annulled&amp;sort=title" data-now>Back to today')
  })

  test('of a month or a year says which day it counts as', async () => {
    expect((await app.reader.get('/agreements?as_of=2025')).text).toContain(
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
    await own.reader.get(decode(link)).expect(200)
    const { status, text: unencoded } = await own.reader.get('/agreements?known_at=2026-11-24T13:59:59+02:00')
    if (status === 200) expect(unencoded).toContain('45 agreements')
    else expect(unencoded).toContain('<bdi>known_at</bdi>')
  })
})

/** What a crawl from the overview found: each link once, with the page that it was on and how it was answered. */
interface Found {
  from: string
  href: string
  status: number
}

/** Addresses that lead elsewhere, or back to now. */
const ELSEWHERE = /^\/(?:assets|login|logout|account|admin)\b/

/** Asks for every link of the pages reached; of pages that differ in a number or a name only, it reads on in `most`. */
async function crawl(agent: Pick<Agent, 'get'>, most: number): Promise<{ links: Found[]; pages: Map<string, string> }> {
  const links: Found[] = []
  const pages = new Map<string, string>()
  const answered = new Map<string, number>()
  const shapes = new Map<string, number>()
  const waiting: { from: string; href: string }[] = [{ from: '', href: `/?${THEN}` }]
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const [address = ''] = next.href.split('#')
    const known = answered.get(address)
    if (known !== undefined) {
      links.push({ ...next, status: known })
      continue
    }
    const { pathname, searchParams } = new URL(address, app.url)
    const shape = `${pathname.replace(/(agreements|sources|claims|parties|places)\/(?!timeline)[^/.]+/, '$1/…')} ${[...searchParams.keys()].join()}`
    const { status, headers, text } = await agent.get(address)
    answered.set(address, status)
    links.push({ ...next, status })
    if (status !== 200 || !headers['content-type']?.startsWith('text/html')) continue
    shapes.set(shape, (shapes.get(shape) ?? 0) + 1)
    if ((shapes.get(shape) ?? 0) > most) continue
    pages.set(address, text)
    for (const [, href = '', marked] of text.matchAll(/ href="(\/[^"]*)"( data-now| data-known)?/g)) {
      // Two days that are compared take the place of the one that is looked at: what was known then is kept.
      if (marked === ' data-known') expect(decode(href)).toContain(`known_at=${encodeURIComponent(KNOWN_AT)}`)
      else if (marked === undefined && !ELSEWHERE.test(href)) waiting.push({ from: address, href: decode(href) })
    }
  }
  return { links, pages }
}

describe('every page that is reached from a moment', () => {
  let read: Awaited<ReturnType<typeof crawl>>
  let written: Awaited<ReturnType<typeof crawl>>
  beforeAll(async () => {
    read = await crawl(app.reader, 8)
    written = await crawl(admin, 2)
  })
  const brief = ({ from, href, status }: Found) => `${status} ${href.split('?')[0]} on ${from.split('?')[0]}`

  test('is of a kind that can look at the past, and all of those are reached', () => {
    const paths = [...read.pages.keys()].map((address) => address.split('?')[0] ?? '')
    for (const page of PAGES) {
      const shape = new RegExp(
        `^${page.replace(/(agreements|sources|claims|parties|places)\/(?!timeline)[^/]+/, '$1/[^/]+')}$`,
      )
      expect(
        paths.some((path) => shape.test(path)),
        page,
      ).toBe(true)
    }
    const files = read.links.map(({ href }) => href.split('?')[0])
    expect(files).toEqual(expect.arrayContaining(['/agreements.csv', '/agreements.json', '/changes.csv']))
  })

  test('keeps it in every link', () => {
    for (const { links } of [read, written]) {
      expect(links.length).toBeGreaterThan(500)
      const lost = links.filter(({ href }) => {
        const query = new URL(href, app.url).searchParams
        const of = query.getAll('as_of')
        return of.length !== 1 || query.getAll('known_at').join() !== KNOWN_AT
      })
      expect(lost.map(brief)).toEqual([])
      const moved = links.filter(({ href }) => new URL(href, app.url).searchParams.get('as_of') !== AS_OF)
      expect(moved.map(({ href }) => href.split('?')[0]).filter((path) => !path?.startsWith('/agreements/'))).toEqual(
        [],
      )
    }
  })

  test('leads to pages that are there', () => {
    for (const { links } of [read, written])
      expect([...new Set(links.filter(({ status }) => status !== 200).map(brief))]).toEqual([])
  })

  test('keeps it in every form that asks', () => {
    for (const { pages } of [read, written]) {
      for (const [address, text] of pages) {
        const forms = [...text.matchAll(/<form\b([^>]*\bmethod="get"[^>]*)>([\s\S]*?)<\/form>/g)]
        expect(forms.length, address).toBeGreaterThanOrEqual(2)
        for (const [, attributes = '', fields = ''] of forms) {
          const values = (name: string) =>
            [...fields.matchAll(new RegExp(`<input\\b[^>]*\\bname="${name}"[^>]*>`, 'g'))].map(
              ([input]) => / value="([^"]*)"/.exec(input)?.[1],
            )
          const isOfTwoDays = attributes.includes('data-known')
          expect([values('as_of'), values('known_at')], `${address} ${attributes}`).toEqual([
            isOfTwoDays ? [] : [AS_OF],
            [KNOWN_AT],
          ])
          if (!attributes.includes('data-now') && !isOfTwoDays)
            expect(fields).toContain('<input type="hidden" name="as_of"')
        }
      }
    }
  })

  test('offers nothing that writes, not even to an admin', () => {
    for (const [address, text] of written.pages) {
      const writing = [...text.matchAll(/<form\b[^>]*\bmethod="post"[^>]*>/g)].map(([form]) => form)
      expect(writing, address).toEqual(['<form action="/logout" method="post">'])
      expect(text).not.toMatch(/href="[^"]*\/(?:edit|status|new|correct|revert)(?:[?#"])/)
      expect(text).not.toContain('#add"')
    }
  })

  test('says that it is of that moment', () => {
    for (const { pages } of [read, written])
      for (const [address, text] of pages) expect(text, address).toContain('You are looking at the register')
  })
})

describe('a form', () => {
  test('is not opened in the past: what is written is written now', async () => {
    const position = await app.context.db.read
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

describe('an export', () => {
  test('keeps the moment in its address, its name and its links', async () => {
    const { text } = await app.reader.get(`/agreements?status=annulled&${THEN}`).expect(200)
    const hrefs = [...text.matchAll(/href="(\/agreements\.(?:csv|json)[^"]*)"/g)].map(([, href = '']) => decode(href))
    expect(hrefs).toHaveLength(3)
    for (const href of hrefs) {
      expect(href).toContain(THEN.replaceAll(':', '%3A'))
      const { headers } = await app.reader.get(href).expect(200)
      expect(headers['content-disposition']).toMatch(
        /agreements-as-of-2025-02-01-known-2026-11-23T120000Z-2026-11-23\./,
      )
    }
    const rows = await csv(`status=annulled&${THEN}`)
    expect(rows.length).toBeGreaterThan(0)
    for (const { reference, url } of rows) {
      expect(url).toBe(`https://register.example/agreements/${reference}?${THEN.replaceAll(':', '%3A')}`)
      await app.reader.get(url?.replace('https://register.example', '') ?? '').expect(200)
    }
  })

  test('has the rows that the page counts', async () => {
    for (const query of [THEN, `status=active&${THEN}`, `contested=yes&${THEN}`, `q=tartus&${THEN}`]) {
      const { text } = await app.reader.get(`/agreements?${query}`).expect(200)
      const rows = await csv(query)
      expect(text).toContain(`Export ${rows.length} row`)
    }
  })
})

describe('a history', () => {
  test('has as many changes in its export as the page counts, at any moment', async () => {
    for (const path of ['/changes', '/agreements/RUS-SYR-2019-1/history']) {
      for (const query of ['as_of=2025-02-01', 'known_at=2026-11-23T12:00:00Z', THEN, `kind=claim_added&${THEN}`]) {
        const { text } = await app.reader.get(`${path}?${query}`).expect(200)
        const { text: file } = await app.reader.get(`${path}.csv?${query}`).expect(200)
        const changes = new Set(parse<Row>(file, { columns: true }).map((row) => row['change']))
        expect(text, `${path}?${query}`).toContain(`Export ${changes.size} change`)
      }
    }
  })
})

describe('the order of a list', () => {
  test.each(SORTS)('by %s is the same on its pages as in its export, at any moment', async (sort) => {
    for (const moment of ['as_of=2025-02-01', 'as_of=2026-02', 'known_at=2026-11-23', THEN]) {
      for (const sign of ['', '-']) {
        const query = `sort=${sign}${sort}&per_page=25&${moment}`
        const told: string[] = []
        for (const page of [1, 2]) {
          const { text, status } = await app.reader.get(`/agreements?${query}&page=${page}`)
          if (page === 1) expect(status).toBe(200)
          told.push(...[...text.matchAll(/class="below"><span class="reference">([^<]+)</g)].map(([, one = '']) => one))
        }
        expect(told, query).toEqual((await csv(query)).map((row) => row['reference']))
      }
    }
  })
})

describe('as of a day', () => {
  /** Where each agreement stood on a day, read from the positions themselves. */
  const stood = async (day: string) => {
    const positions = await app.context.db.read
      .selectFrom('positions')
      .innerJoin('agreements', 'agreements.id', 'agreement_id')
      .select(['reference', 'positions.status', 'positions.means', 'effective_on', 'effective_day'])
      .where('superseded_at', 'is', null)
      .where('effective_day', '<=', day)
      .orderBy('effective_day')
      .orderBy('positions.id')
      .execute()
    return new Map(positions.map(({ reference, ...position }) => [reference, position]))
  }
  /** The claims that count by a day: said then, not withdrawn, not settled. */
  const said = async (day: string) => {
    const claims = await app.context.db.read
      .selectFrom('claim_agreements')
      .innerJoin('claims', 'claims.id', 'claim_id')
      .innerJoin('sources', 'sources.id', 'source_id')
      .innerJoin('agreements', 'agreements.id', 'agreement_id')
      .select(['reference', 'stance', 'claims.status', 'effective_on', 'said_on', 'published_on'])
      .where('withdrawn_at', 'is', null)
      .execute()
    const first = (date: string | null) => (date === null ? '' : `${date}-01-01`.slice(0, 10))
    return claims.filter(
      ({ said_on, published_on, effective_on }) => first(said_on ?? published_on ?? effective_on) <= day,
    )
  }

  test('any day: list, facets, overview and dossier say what positions and claims say', async () => {
    const day = fc
      .date({ min: new Date('1965-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10))
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(day, fc.constantFrom('2025-01-01', '2025-07-31', '2025-07-13', '2026-01-29')),
        async (on) => {
          const [standing, claims, rows] = [await stood(on), await said(on), await csv(`as_of=${on}`)]
          const first = (date: string | null) => `${date}-01-01`.slice(0, 10)
          const expected = [...standing].map(([reference, { status, means, effective_on }]) => {
            const isContested = claims.some((claim) => {
              if (claim.reference !== reference || claim.stance === 'declines') return false
              const said = claim.said_on ?? claim.published_on ?? claim.effective_on
              const [from, since] = [said === null ? '' : first(said), first(effective_on)]
              if (claim.stance === 'denies' && claim.status === status)
                return (
                  from === '' || from >= since || (claim.effective_on !== null && first(claim.effective_on) >= since)
                )
              if (claim.stance === 'denies' || claim.status === status) return false
              if (claim.status === 'active' && status === 'under_review') return false
              return (claim.effective_on === null ? from : first(claim.effective_on)) > since
            })
            return [reference, status, means ?? '', effective_on, isContested ? 'yes' : 'no'].join(' ')
          })
          const told = rows.map((row) =>
            ['reference', 'status', 'means', 'status_since', 'contested'].map((column) => row[column]).join(' '),
          )
          expect(told.toSorted()).toEqual(expected.toSorted())

          const contested = rows.filter((row) => row['contested'] === 'yes')
          const { text: list } = await app.reader.get(`/agreements?as_of=${on}`).expect(200)
          expect(list).toContain(`<p class="page-sub">${rows.length} agreement`)
          expect(list).toContain(
            `<span class="contested">contested</span> <span class="facet-count">${contested.length}</span>`,
          )
          const { text: overview } = await app.reader.get(`/?as_of=${on}`).expect(200)
          for (const status of ['active', 'under_review', 'annulled', 'reassigned']) {
            const count = rows.filter((row) => row['status'] === status).length
            expect(list).toMatch(new RegExp(`value="${status}"[^>]*>.*?<span class="facet-count">${count}</span>`))
            if (rows.length > 0)
              expect(overview).toMatch(
                new RegExp(`status-${status}" href="[^"]*"><span class="count-number">${count}<`),
              )
          }
          const [one] = contested
          if (one) {
            const { text } = await app.reader.get(`/agreements/${one['reference']}?as_of=${on}`).expect(200)
            expect(text).toMatch(/<p class="standing">[\s\S]*?<span class="contested">contested<\/span>/)
            expect(text).toMatch(/ \d+ against<\/span><\/h2>/)
          }
        },
      ),
      { numRuns: 25 },
    )
  })

  test('before every agreement nothing stood: each page is there and says so', async () => {
    for (const path of PAGES.filter((page) => !page.includes('RUS-SYR-2019-1') && !page.startsWith('/claims')))
      await app.reader.get(`${path}?as_of=1900`).expect(200)
    const { text } = await app.reader.get('/agreements?as_of=1900').expect(200)
    expect(text).toContain('0 agreements')
    expect(text).toMatch(/Nothing stood then|No agreement here/)
    const { text: missing } = await app.reader.get('/agreements/RUS-SYR-2019-1?as_of=1900').expect(404)
    expect(missing).toContain('There is no agreement RUS-SYR-2019-1 as of 1900')
    expect(missing).toContain('it did not stand yet')
  })

  test('before every agreement no page blames a filter that nobody set, or calls the register empty', async () => {
    const { text: list } = await app.reader.get('/agreements?as_of=1900').expect(200)
    expect(list).not.toContain('None matches all of these filters')
    const { text: overview } = await app.reader.get('/?as_of=1900').expect(200)
    expect(overview).not.toContain('The register is empty')
  })

  test('that is to come shows what was decided for it', async () => {
    const own = await testApp()
    const eve = await own.logIn('analyst')
    const form = agreementForm({ status: 'active', status_since: '2020' })
    const { headers } = await eve.post('/agreements').type('form').send(form).expect(303)
    const move = statusForm({ effective_on: '2027-06-01', confirm: 'yes' })
    await eve.post(`${headers['location']}/status`).type('form').send(move).expect(303)
    const on = async (query: string) => (await csv(query, own)).map((row) => row['status'])
    expect([await on(''), await on('as_of=2027-05-31'), await on('as_of=2027-06-01')]).toEqual([
      ['active'],
      ['active'],
      ['under_review'],
    ])
  })
})

describe('as known at a time', () => {
  test('before the register began there was nothing, and every page says so', async () => {
    const empty = ['/', '/agreements', '/agreements/timeline', '/changes', '/compare', '/sources']
    for (const path of empty) {
      const { text } = await app.reader.get(`${path}?known_at=2020-01-01`).expect(200)
      expect(text).toContain('as known <b>at the end of 1 Jan 2020</b>')
    }
    expect((await app.reader.get('/agreements?known_at=2020-01-01')).text).toContain('0 agreements')
    expect((await app.reader.get('/changes?known_at=2020-01-01')).text).toContain('No change here')
    expect((await app.reader.get('/sources?known_at=2020-01-01')).text).toContain('No source here')
    for (const path of ['/agreements/RUS-SYR-2019-1', '/agreements/RUS-SYR-2019-1/history', '/sources/1', '/claims/1'])
      await app.reader.get(`${path}?known_at=2020-01-01`).expect(404)
  })

  test('before the register began no party and no place was known', async () => {
    expect((await app.reader.get('/parties?known_at=2020-01-01')).text).toContain('No party here')
    expect((await app.reader.get('/places?known_at=2020-01-01')).text).toContain('No place here')
  })

  test('both times together: what was in force on one day, as known on another', async () => {
    const own = await testApp({ now: '2026-11-01T12:00:00.000Z' })
    const eve = await own.logIn('analyst')
    const form = agreementForm({ status: 'active', means: 'in_force', status_since: '2020', title: 'First title' })
    const { headers } = await eve.post('/agreements').type('form').send(form).expect(303)
    const address = headers['location'] ?? ''
    own.clock.set('2026-11-10T12:00:00.000Z')
    const evidence = { source_title: 'Gazette', asserted_by: 'Minister', source_published_on: '2026-06-02' }
    const move = statusForm({ status: 'annulled', means: 'terminated', effective_on: '2026-06-01', ...evidence })
    await eve.post(`${address}/status`).type('form').send(move).expect(303)
    own.clock.set('2026-11-20T12:00:00.000Z')
    await eve
      .post(`${address}/edit`)
      .type('form')
      .send(agreementForm({ title: 'Second title', version: '2' }))
      .expect(303)
    const told = async (query: string) => {
      const [row] = await csv(query, own)
      const { text: dossier } = await own.reader.get(`${address}?${query}`).expect(200)
      const { text: overview } = await own.reader.get(`/?${query}`).expect(200)
      const status = row?.['status'] ?? ''
      expect(dossier).toContain(`<p class="standing"><span class="stands status-${status}">`)
      expect(dossier).toContain(`<h1 dir="auto">${row?.['title']}</h1>`)
      expect(overview).toMatch(new RegExp(`status-${status}" href="[^"]*"><span class="count-number">1<`))
      const claims = /id="evidence"[\s\S]*?class="quiet">(\d+) claim/.exec(dossier)?.[1]
      return [row?.['title'], status, row?.['version'], claims].join(', ')
    }
    expect(await told('')).toBe('Second title, annulled, 3, 1')
    expect(await told('as_of=2026-05-31')).toBe('Second title, active, 3, 0')
    expect(await told('as_of=2026-06-01')).toBe('Second title, annulled, 3, 0')
    expect(await told('known_at=2026-11-05')).toBe('First title, active, 1, 0')
    expect(await told('known_at=2026-11-15')).toBe('First title, annulled, 2, 1')
    expect(await told('as_of=2026-06-01&known_at=2026-11-05')).toBe('First title, active, 1, 0')
    expect(await told('as_of=2026-05-31&known_at=2026-11-15')).toBe('First title, active, 2, 0')
    expect((await own.reader.get('/agreements?q=Second+title&known_at=2026-11-15')).text).toContain('No agreement here')
    expect((await own.reader.get('/agreements?q=First+title&known_at=2026-11-15')).text).toContain('1 agreement')
  })

  test('the history, the overview and the pages of claims call an agreement what it was called then', async () => {
    const own = await testApp({ now: '2026-11-01T12:00:00.000Z' })
    const eve = await own.logIn('analyst')
    const form = agreementForm({ status: 'active', status_since: '2020', title: 'First title' })
    const { headers } = await eve.post('/agreements').type('form').send(form).expect(303)
    const claim = { stance: 'asserts', status: 'under_review', asserted_by: 'Minister', source_title: 'Gazette' }
    await eve.post(`${headers['location']}/claims`).type('form').send(claim).expect(303)
    await eve
      .post(`${headers['location']}/status`)
      .type('form')
      .send(statusForm({ claim: '1' }))
      .expect(303)
    own.clock.set('2026-11-10T12:00:00.000Z')
    await eve
      .post(`${headers['location']}/edit`)
      .type('form')
      .send(agreementForm({ title: 'Second title', version: '2' }))
      .expect(303)
    for (const path of ['/changes', '/', '/sources/1', '/claims/1']) {
      const { text } = await own.reader.get(`${path}?known_at=2026-11-05`).expect(200)
      expect(text, path).toContain('First title')
      expect(text, path).not.toContain('Second title')
    }
  })

  test('an agreement that did not stand yet is called by its title of then where another is tied to it', async () => {
    const own = await testApp({ now: '2026-11-01T12:00:00.000Z' })
    const eve = await own.logIn('analyst')
    const enter = async (more: Row) => {
      const form = agreementForm({ status: 'active', ...more })
      return (await eve.post('/agreements').type('form').send(form).expect(303)).headers['location'] ?? ''
    }
    const later = await enter({ status_since: '2024', title: 'First title' })
    const related = { relation_kind: 'follows', relation_reference: later.split('/').at(-1) ?? '' }
    const earlier = await enter({ status_since: '2020', title: 'The other', ...related })
    own.clock.set('2026-11-10T12:00:00.000Z')
    const renamed = agreementForm({ title: 'Second title', version: '1' })
    await eve.post(`${later}/edit`).type('form').send(renamed).expect(303)
    const { text } = await own.reader.get(`${earlier}?as_of=2022&known_at=2026-11-05`).expect(200)
    expect(text).toContain('First title')
    expect(text).not.toContain('Second title')
  })

  test('the past history of a day does not change when a source’s day of publication is edited', async () => {
    const own = await testApp({ now: '2026-11-01T12:00:00.000Z' })
    const eve = await own.logIn('analyst')
    const source = { source_title: 'Gazette', source_published_on: '2026-10-01' }
    const form = agreementForm({ status: 'active', status_since: '2020' })
    const { headers } = await eve.post('/agreements').type('form').send(form).expect(303)
    const claim = { stance: 'asserts', status: 'under_review', asserted_by: 'Minister', ...source }
    await eve.post(`${headers['location']}/claims`).type('form').send(claim).expect(303)
    const known = async () => (await own.reader.get('/changes?as_of=2026-10-10&known_at=2026-11-05').expect(200)).text
    own.clock.set('2026-11-10T12:00:00.000Z')
    const before = await known()
    expect(before).toContain('Gazette')
    expect(before).toContain('Minister')
    const seen = / name="seen" value="(\d+)"/.exec((await eve.get('/sources/1/edit')).text)?.[1] ?? ''
    const edited = { ...source, source_published_on: '2026-10-20', seen }
    await eve.post('/sources/1/edit').type('form').send(edited).expect(303)
    expect(await known()).toBe(before)
  })

  test('what is not there then is a page that keeps to the moment', async () => {
    const { text } = await app.reader.get(`/agreements/ARE-SYR-2025-2?${THEN}`).expect(404)
    expect(text).toContain('it did not stand yet, or was not recorded yet')
    const links = [...text.slice(text.indexOf('<main')).matchAll(/ href="(\/[^"]*)"/g)].map(([, href = '']) => href)
    for (const href of links) expect(href).toContain('as_of=2025-02-01')
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
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
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
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...PAGES, ...EXPORTS),
      fc.array(fc.tuple(fc.constantFrom('as_of', 'known_at', 'stance', 'grade', 'q', '__proto__', ''), value), {
        maxLength: 4,
      }),
      async (path, pairs) => {
        const query = new URLSearchParams(pairs.map(([name, typed]): [string, string] => [name, typed.toWellFormed()]))
        const { status, text, headers } = await app.reader.get(`${path}?${query.toString()}`)
        expect([200, 400, 404]).toContain(status)
        if (headers['content-type']?.startsWith('text/html')) expect(text).not.toContain('<script>alert(1)</script>')
      },
    ),
    { numRuns: 150 },
  )
  expect(app.errors).toEqual([])
})
