import { beforeAll, describe, expect, test } from 'vitest'
import { SORTS } from '../../src/list/order.ts'
import { csvRows, decoded } from '../support/asked.ts'
import { openDesk } from '../support/desk.ts'
import type { Agent } from '../support/test-app.ts'
import { AS_OF, KNOWN_AT, listRows, PAGES, THEN } from './past.ts'

const desk = openDesk({ env: { CLAUSULA_BASE_URL: 'http://register.example/' } })
const csv = (query: string) => listRows(desk.app, query)

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
    const { pathname, searchParams } = new URL(address, desk.app.url)
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
      if (marked === ' data-known') expect(decoded(href)).toContain(`known_at=${encodeURIComponent(KNOWN_AT)}`)
      else if (marked === undefined && !ELSEWHERE.test(href)) waiting.push({ from: address, href: decoded(href) })
    }
  }
  return { links, pages }
}

describe('every page that is reached from a moment', () => {
  let read: Awaited<ReturnType<typeof crawl>>
  let written: Awaited<ReturnType<typeof crawl>>
  beforeAll(async () => {
    read = await crawl(desk.app.reader, 8)
    written = await crawl(await desk.app.logIn('admin'), 2)
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
        const query = new URL(href, desk.app.url).searchParams
        const of = query.getAll('as_of')
        return of.length !== 1 || query.getAll('known_at').join() !== KNOWN_AT
      })
      expect(lost.map(brief)).toEqual([])
      const moved = links.filter(({ href }) => new URL(href, desk.app.url).searchParams.get('as_of') !== AS_OF)
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

describe('an export', () => {
  test('keeps the moment in its address, its name and its links', async () => {
    const { text } = await desk.app.reader.get(`/agreements?status=annulled&${THEN}`).expect(200)
    const hrefs = [...text.matchAll(/href="(\/agreements\.(?:csv|json)[^"]*)"/g)].map(([, href = '']) => decoded(href))
    expect(hrefs).toHaveLength(3)
    for (const href of hrefs) {
      expect(href).toContain(THEN.replaceAll(':', '%3A'))
      const { headers } = await desk.app.reader.get(href).expect(200)
      expect(headers['content-disposition']).toMatch(
        /agreements-as-of-2025-02-01-known-2026-11-23T120000Z-2026-11-23\./,
      )
    }
    const rows = await csv(`status=annulled&${THEN}`)
    expect(rows.length).toBeGreaterThan(0)
    for (const { reference, url } of rows) {
      expect(url).toBe(`http://register.example/agreements/${reference}?${THEN.replaceAll(':', '%3A')}`)
      await desk.app.reader.get(url?.replace('http://register.example', '') ?? '').expect(200)
    }
  })

  test('has the rows that the page counts', async () => {
    for (const query of [THEN, `status=active&${THEN}`, `contested=yes&${THEN}`, `q=tartus&${THEN}`]) {
      const { text } = await desk.app.reader.get(`/agreements?${query}`).expect(200)
      const rows = await csv(query)
      expect(text).toContain(`Export ${rows.length} row`)
    }
  })
})

describe('a history', () => {
  test('has as many changes in its export as the page counts, at any moment', async () => {
    for (const path of ['/changes', '/agreements/RUS-SYR-2019-1/history']) {
      for (const query of ['as_of=2025-02-01', 'known_at=2026-11-23T12:00:00Z', THEN, `kind=claim_added&${THEN}`]) {
        const { text } = await desk.app.reader.get(`${path}?${query}`).expect(200)
        const rows = await csvRows(desk.app, `${path}.csv?${query}`)
        const changes = new Set(rows.map((row) => row['change']))
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
          const { text, status } = await desk.app.reader.get(`/agreements?${query}&page=${page}`)
          if (page === 1) expect(status).toBe(200)
          told.push(...[...text.matchAll(/class="below"><span class="reference">([^<]+)</g)].map(([, one = '']) => one))
        }
        expect(told, query).toEqual((await csv(query)).map((row) => row['reference']))
      }
    }
  })
})
