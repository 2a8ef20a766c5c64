import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AGREEMENT_KINDS } from '../../src/words/kind.ts'
import { SORTS } from '../../src/list/order.ts'
import { STATUSES } from '../../src/words/status.ts'
import { generateRegister } from '../../src/made-up/register.ts'
import { loadSeeds } from '../../src/seeds/seeds.ts'
import { emptyDatabase, type TestDatabase } from '../support/databases.ts'
import { agreementForm, statusForm } from '../support/forms.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'

const PAGES = 600
const PARTS = Array.from({ length: 12 }, (_, part) => part + 1)

interface Pair {
  apps: [TestApp, TestApp]
  databases: TestDatabase[]
}

/** The same register on both engines, each filled by itself. */
async function startPair(fill: (app: TestApp) => Promise<void>): Promise<Pair> {
  const databases = [await emptyDatabase('sqlite'), await emptyDatabase('postgres')]
  const [one, other] = await Promise.all(
    databases.map(async ({ url }) => {
      const app = await startTestApp({
        env: { DATABASE_URL: url, CLAUSULA_BASE_URL: 'http://register.example' },
        now: '2026-11-23T12:00:00.000Z',
      })
      await fill(app)
      return app
    }),
  )
  if (!one || !other) throw new Error('two engines make a pair')
  return { apps: [one, other], databases }
}

async function stopPair({ apps, databases }: Pair): Promise<void> {
  for (const app of apps) await app.stop()
  for (const database of databases) await database.remove()
}

/** What both answer; the test fails where they differ. */
async function same({ apps: [one, other] }: Pair, path: string): Promise<{ status: number; text: string }> {
  const [sqlite, postgres] = await Promise.all([one.reader.get(path), other.reader.get(path)])
  expect([path, postgres.status, postgres.text]).toEqual([path, sqlite.status, sqlite.text])
  return { status: sqlite.status, text: sqlite.text }
}

/** Analysts who do something of everything. */
async function work(app: TestApp): Promise<void> {
  await loadSeeds(app.context)
  const analyst = await app.logIn('analyst', 'Ünal “Ada”')
  const send = async (path: string, form: Record<string, string | string[]>) => {
    app.clock.set(new Date(app.clock.now().getTime() + 60_000).toISOString())
    await analyst.post(path).type('form').send(form).expect(303)
  }
  for (const title of [
    'éclair',
    'Éclair',
    'eclair b',
    'Zebra',
    'zebra',
    '_under',
    'Ägypten',
    'Öl',
    'свод',
    'اتفاق',
    '1 a',
    '10',
  ])
    await send(
      '/agreements',
      agreementForm({ title, status: 'active', status_since: '2020', sector: title.toLowerCase() }),
    )
  await send('/agreements/RUS-SYR-2019-1/edit', { title: 'Ünusual', kind: 'loan', version: '4', reason: 'x' })
  const claim = {
    stance: 'denies',
    status: 'annulled',
    asserted_by: 'Минтранс',
    source_title: 'Бюллетень',
    said_on: '2026-10',
  }
  await send('/agreements/RUS-SYR-2019-1/claims', claim)
  await send('/agreements/ROU-SYR-2019-1/status', statusForm())
}

describe('the seed register with a day of work', () => {
  let pair: Pair
  beforeAll(async () => {
    pair = await startPair(work)
  })
  afterAll(() => stopPair(pair))

  describe('shows the same on every page that can be reached', () => {
    const waiting = [
      '/',
      '/agreements',
      '/changes',
      '/compare?from=2024-12-08&to=2025-07-31',
      '/parties',
      '/places',
      '/sources',
    ]
    const seen = new Set(waiting)
    let visited = 0
    const next = () => waiting.shift() ?? 'no page is left'

    // A test a part of the way: each goes on where the one before it stopped.
    test.each(PARTS)('part %i of the way', async () => {
      for (let ahead = PAGES / PARTS.length; ahead > 0; ahead -= 1) {
        const { status, text } = await same(pair, next())
        expect(status).toBe(200)
        visited += 1
        for (const [, href = ''] of text.matchAll(/ href="(\/[^"#]*)"/g)) {
          const found = href.replaceAll('&amp;', '&').replaceAll('&#34;', '"').replaceAll('&#39;', "'")
          // Files and every combination of facets are of a kind with those that are reached.
          if (seen.has(found) || seen.size >= PAGES || /^\/(?:assets|login)/.test(found)) continue
          seen.add(found)
          waiting.push(found)
        }
      }
    })

    test('to the last of them', () => {
      expect([seen.size, visited, waiting]).toEqual([PAGES, PAGES, []])
    })
  })

  test.each([
    ...SORTS.flatMap((sort) => [sort, `-${sort}`]).map((sort) => `sort=${sort}`),
    ...[
      'hmeimim',
      'Хмеймим',
      'حميميم',
      'Khmeymim',
      'tartous',
      'طرطوس',
      'ger',
      'port',
      'po',
      'RUS-SYR-2019-1',
      'éclair',
      '10',
    ].map((q) => `q=${encodeURIComponent(q)}`),
    'as_of=2025-02-01',
    'as_of=2025-02-01&sort=title',
    'known_at=2026-11-23T12:05:00Z',
    'as_of=2025&known_at=2026-11-23T12:05:00Z&sort=-updated_at',
    'contested=yes',
    'contested=no&country=RU&country=SY',
    'signed_from=2017&signed_to=2019&sort=-signed_on',
  ])('the list and its exports are the same for %s', async (query) => {
    for (const form of ['', '.csv', '.json', '/timeline'])
      expect((await same(pair, `/agreements${form}?${query}`)).status).toBe(200)
  })

  test.each([
    '/?known_at=2026-11-23T12:05:00Z',
    '/changes.csv',
    '/changes.csv?as_of=2025-02-01',
    '/compare.csv?from=2024-12-08&to=2026-11-23',
    '/sources?q=тасс',
    '/sources?q=%25',
    '/sources?q=_',
    '/parties?q=gaz',
    '/places?q=%D8%B7',
  ])('%s is the same', async (path) => {
    expect((await same(pair, path)).status).toBe(200)
  })
})

describe('a made-up register', () => {
  let pair: Pair
  beforeAll(async () => {
    pair = await startPair(async ({ context }) => {
      await generateRegister(context, { agreements: 1_500, changes: 9_000, seed: 11, report: () => undefined })
    })
  })
  afterAll(() => stopPair(pair))

  const word = fc.constantFrom(
    'port',
    'gas',
    'treaty',
    'loan',
    'rail',
    'ministry',
    'damascus',
    'energy',
    'syria',
    'Сирия',
    'سوريا',
    'a',
    'co',
  )
  const query = fc.record(
    {
      q: fc.array(word, { minLength: 1, maxLength: 2 }).map((words) => words.join(' ')),
      status: fc.constantFrom(...STATUSES),
      kind: fc.constantFrom(...AGREEMENT_KINDS),
      contested: fc.constantFrom('yes', 'no'),
      country: fc.constantFrom('RU', 'SY', 'IR', 'AE'),
      as_of: fc.constantFrom('2015', '2021-06', '2024-02-29', '2026-11-23'),
      known_at: fc.constantFrom('2021-03-01', '2023-07-07T07:07:07Z', '2026-01-01'),
      signed_from: fc.constantFrom('1990', '2010-05'),
      sort: fc.constantFrom(...SORTS.flatMap((sort) => [sort, `-${sort}`])),
      page: fc.constantFrom('1', '2', '5'),
    },
    { requiredKeys: [] },
  )

  test('answers any question in the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(query, fc.constantFrom('', '.csv', '.json'), async ({ page, ...asked }, form) => {
        const parameters = new URLSearchParams(form === '' && page !== undefined ? { ...asked, page } : asked)
        await same(pair, `/agreements${form}?${parameters.toString()}`)
      }),
      { numRuns: 150 },
    )
  })

  test('has the same history, and differs between two days in the same way', async () => {
    for (const path of [
      '/changes.csv',
      '/changes?page=40',
      '/compare.csv?from=2022&to=2026',
      '/',
      '/parties',
      '/sources',
    ])
      expect((await same(pair, path)).status).toBe(200)
  })
})
