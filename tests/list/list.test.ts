import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { csvRows } from '../support/asked.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ seeds: true })
})
afterAll(() => app.stop())

const get = (path: string) => app.reader.get(path)
/** The references of a list in its order, from its CSV. */
const listed = async (query = '') =>
  (await csvRows(app, `/agreements.csv${query}`)).map((row) => row['reference'] ?? '')

/** Two references in order: by their states, by their year, then by their number as a number. */
function byParts(one: string, other: string): number {
  const [, ...a] = /^(.+)-(.+)-(.+)$/.exec(one) ?? []
  const [, ...b] = /^(.+)-(.+)-(.+)$/.exec(other) ?? []
  if (a[0] !== b[0]) return (a[0] ?? '') < (b[0] ?? '') ? -1 : 1
  if (a[1] !== b[1]) return (a[1] ?? '') < (b[1] ?? '') ? -1 : 1
  return Number(a[2]) - Number(b[2])
}

describe('the list', () => {
  test('shows the seed register, newest status first', async () => {
    const { text } = await get('/agreements').expect(200)
    expect(text).toContain('45 agreements · 16 active · 18 under review · 8 annulled · 3 reassigned')
    expect(text.indexOf('HKG-PAN-1997-1')).toBeLessThan(text.indexOf('RUS-SYR-2021-1'))
    expect(text).toContain('As of <b>today</b>, as known <b>today</b>')
  })

  test.each([
    ['?q=tartus', ['RUS-SYR-2019-1', 'RUS-SYR-2017-2', 'ARE-SYR-2025-2']],
    ['?q=tartous', ['RUS-SYR-2019-1', 'RUS-SYR-2017-2', 'ARE-SYR-2025-1']],
    ['?q=Hmeimim', ['RUS-SYR-2015-1', 'RUS-SYR-2017-1', 'RUS-SYR-2020-1']],
    ['?q=Хмеймим', ['RUS-SYR-2015-1', 'RUS-SYR-2017-1', 'RUS-SYR-2020-1']],
    ['?q=حميميم', ['RUS-SYR-2015-1', 'RUS-SYR-2017-1', 'RUS-SYR-2020-1']],
    ['?q=Khmeimim', ['RUS-SYR-2015-1']],
    ['?q=RUS-SYR-2019-1', ['RUS-SYR-2019-1']],
    ['?q=phosphate', ['IRN-SYR-2017-1', 'RUS-SYR-ND-1', 'SRB-SYR-2025-1']],
  ])('%s finds %s', async (query, references) => {
    expect(await listed(encodeURI(query))).toEqual(expect.arrayContaining(references))
  })

  test('a reference finds that agreement alone', async () => {
    expect(await listed('?q=RUS-SYR-2019-1')).toEqual(['RUS-SYR-2019-1'])
  })

  test.each(['Сирия', 'سوريا', 'Syria', 'Syrian Arab Republic'])('a state is found as %s', async (name) => {
    const found = await listed(`?q=${encodeURIComponent(name)}`)
    expect(found).toContain('RUS-SYR-2005-1')
    expect(found).toContain('LBN-SYR-1991-1')
  })

  test('a name that nobody wrote so is found by its consonants, and the page says that it was', async () => {
    const { text } = await get('/agreements?q=Homeymeem').expect(200)
    expect(text).toContain('compared by consonants')
    expect(text).toContain('RUS-SYR-2015-1')
    const { text: typed } = await get('/agreements?q=Hmeymim').expect(200)
    expect(typed).not.toContain('compared by consonants')
  })

  test('what nobody has is an empty list that says how to go on', async () => {
    const { text } = await get('/agreements?q=zzzzzz').expect(200)
    expect(text).toContain('No agreement here')
    expect(text).toContain('Search: zzzzzz')
  })

  test('status, kind and sector widen, party and country narrow', async () => {
    expect(await listed('?status=annulled')).toHaveLength(8)
    expect(await listed('?status=annulled&status=reassigned')).toHaveLength(11)
    expect(await listed('?sector=ports')).toHaveLength(11)
    expect(await listed('?kind=treaty&kind=protocol')).toHaveLength(5)
    const between = await listed('?country=UA&country=RU')
    expect(between.toSorted()).toEqual(['RUS-UKR-1997-1', 'RUS-UKR-2010-1'])
    expect(await listed('?party=dp-world')).toHaveLength(3)
    expect(await listed('?party=dp-world&party=Djibouti')).toEqual(['ARE-DJI-2006-1'])
    expect(await listed(`?party=${encodeURIComponent('موانئ دبي العالمية')}`)).toHaveLength(3)
    expect(await listed('?country=SUN')).toEqual(['RUS-SUN-SYR-1980-1'])
  })

  test('a party is asked for once, however often and in whatever spelling it is named', async () => {
    const spellings = ['dp world', 'DP World', ' dp-world', 'Dp  World.', 'dp-world-'].flatMap((name) => [
      name,
      `${name} `,
    ])
    const many = new URLSearchParams(spellings.map((name): [string, string] => ['party', name])).toString()
    const rows = (query: string) => app.reader.get(`/agreements.csv?${query}`).expect(200)
    expect((await rows(many)).text).toBe((await rows('party=dp-world')).text)
    const hundreds = new URLSearchParams(
      Array.from({ length: 500 }, (_, n): [string, string] => ['party', `dp world${' '.repeat(n % 9)}`]),
    )
    for (const form of ['', '.csv', '.json', '/timeline']) {
      const { text } = await app.reader.get(`/agreements${form}?${hundreds.toString()}`).expect(400)
      expect(text).toContain('may be given at most 20 times')
    }
  })

  test('a place is its slug, or any of its names: one name may be that of two places', async () => {
    expect(await listed('?place=tartus-commercial-port')).toHaveLength(3)
    expect((await listed('?place=Tartus')).toSorted()).toEqual([
      'ARE-SYR-2025-1',
      'ARE-SYR-2025-2',
      'RUS-SYR-2017-2',
      'RUS-SYR-2019-1',
    ])
  })

  test('days of signature count as their first day, an upper bound to its end', async () => {
    expect(await listed('?signed_from=2019-01-01&signed_to=2019-01-01')).toEqual(['RUS-SYR-2019-1'])
    expect(await listed('?signed_from=2019-01-02&signed_to=2019')).toEqual([
      'RUS-SYR-2019-3',
      'RUS-SYR-2019-2',
      'FRA-TCD-2019-1',
    ])
    expect(await listed('?means=re_awarded')).toHaveLength(2)
  })

  test.each(['reference', 'title', 'kind', 'sector', 'status', 'status_since', 'signed_on', 'updated_at'])(
    'sorts by %s both ways, what is not known last',
    async (sort) => {
      const up = await listed(`?sort=${sort}`)
      const down = await listed(`?sort=-${sort}`)
      expect(up.toSorted()).toEqual(down.toSorted())
      expect(up).not.toEqual(down)
      if (sort === 'signed_on') {
        expect(up.slice(-3).toSorted()).toEqual(down.slice(-3).toSorted())
        expect(up[0]).toBe('FRA-NER-1968-1')
      }
      if (sort === 'reference') expect(up).toEqual(up.toSorted(byParts))
    },
  )

  test('facets count what another choice would give', async () => {
    const { text } = await get('/agreements?status=annulled&sector=ports').expect(200)
    const counts = [...text.matchAll(/name="status" value="(\w+)"(?: checked)?>.*?facet-count">(\d+)</gs)].map(
      ([, status, count]) => `${status} ${count}`,
    )
    expect(counts).toHaveLength(4)
    const [{ length: active }, { length: annulled }] = [
      await listed('?status=active&sector=ports'),
      await listed('?status=annulled&sector=ports'),
    ]
    expect(counts).toContain(`active ${active}`)
    expect(counts).toContain(`annulled ${annulled}`)
  })

  test('chips take one part of the filter away each', async () => {
    const { text } = await get('/agreements?country=SY&status=active&status=annulled').expect(200)
    expect(text).toContain('href="/agreements?status=annulled&amp;country=SY"')
    expect(text).toContain('href="/agreements?status=active&amp;country=SY"')
    expect(text).toContain('href="/agreements?status=active&amp;status=annulled"')
  })

  test('pages link to each other and together hold every row once', async () => {
    const { text: first } = await get('/agreements?per_page=25').expect(200)
    const { text: second } = await get('/agreements?per_page=25&page=2').expect(200)
    const references = (text: string) =>
      [...text.matchAll(/<a href="\/agreements\/([A-Z-]+-(?:\d{4}|ND)-\d+)"/g)].map((match) => match[1])
    expect(first).toContain('href="/agreements?page=2&amp;per_page=25"')
    expect([...references(first), ...references(second)]).toEqual(await listed())
    await get('/agreements?page=2').expect(404)
  })

  test.each([
    '?status=lost',
    '?sector=nope',
    '?party=nobody',
    '?place=nowhere',
    '?lead=nobody',
    '?as_of=2025-13',
    '?known_at=2031-01-01T00:00:00Z',
    '?contested=maybe',
    '?x=1',
    '?page=1&page=2',
  ])('%s is a 400 that names it, on the page and the CSV alike', async (query) => {
    const name = query.slice(1).split('=')[0] ?? ''
    expect((await get(`/agreements${query}`).expect(400)).text).toContain(name)
    expect((await get(`/agreements.csv${query}`).expect(400)).text).toContain(`${name}: `)
  })

  test('an answer that is kept is never older than the register', async () => {
    const analyst = await app.logIn('analyst')
    const before = (await get('/agreements?sector=ports').expect(200)).text
    expect((await get('/agreements?sector=ports').expect(200)).text).toBe(before)
    await analyst
      .post('/agreements/RUS-SYR-2017-2/status')
      .type('form')
      .send({
        status: 'active',
        means: 'confirmed',
        effective_on: '2026-11-20',
        reason: 'Confirmed in Moscow.',
        version: '3',
      })
      .expect(303)
    expect((await get('/agreements').expect(200)).text).toContain('17 active · 17 under review')
    expect((await get('/agreements/RUS-SYR-2017-2').expect(200)).text).toContain('with effect from 20 Nov 2026')
    expect((await get('/').expect(200)).text).toMatch(/count-number">17</)
  })
})
