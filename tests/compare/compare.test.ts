import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anyValue, encoded } from '../support/any-shape.ts'
import { csvRows } from '../support/asked.ts'
import { STATUSES } from '../../src/words/status.ts'
import { HAPPENED, happenedLabel, whatHappened } from '../../src/compare/happened.ts'
import { agreementForm, statusForm } from '../support/forms.ts'
import { MANY, startTestApp, testApp, type TestApp } from '../support/test-app.ts'

type Row = Record<string, string>

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ seeds: true, env: { CLAUSULA_BASE_URL: 'http://register.example/' } })
})
afterAll(() => app.stop())

const COLUMNS =
  'reference,title,happened,status_before,means_before,since_before,status_after,means_after,since_after,reason,said_by,sources,url'
const CASE = 'from=2024-12-08&to=2025-07-31'

const csv = (query: string, of = app) => csvRows(of, `/compare.csv?${query}`)
/** How the list has every agreement as of a day, by reference. */
const listed = async (query: string, of = app) => {
  const rows = await csvRows(of, `/agreements.csv?${query}`)
  return new Map(rows.map((row) => [row['reference'] ?? '', row]))
}
/** The groups of a page: what happened, how many, and to which. */
async function groups(query: string, of = app) {
  const { text } = await of.reader.get(`/compare?${query}`).expect(200)
  return text
    .split('<section aria-labelledby="')
    .slice(1)
    .map((section) => ({
      happened: section.slice(0, section.indexOf('"')),
      count: Number(/class="quiet">([\d,]+) agreement/.exec(section)?.[1]?.replaceAll(',', '')),
      references: [...section.matchAll(/<span class="reference">([^<]+)</g)].map(([, reference]) => reference),
      text: section,
    }))
}

/** What the comparison must say, worked out from the list as of each day. */
async function expected(from: string, to: string, known = '', of = app) {
  const [before, after] = [await listed(`as_of=${from}${known}`, of), await listed(`as_of=${to}${known}`, of)]
  return [...after].flatMap(([reference, row]) => {
    const earlier = before.get(reference)
    const isSame = earlier?.['status'] === row['status'] && earlier?.['means'] === row['means']
    if (earlier && isSame) return []
    const status = (one: Row | undefined) => STATUSES.find((known) => known === one?.['status']) ?? null
    return [[reference, whatHappened(status(earlier), status(row) ?? 'active')].join(' ')]
  })
}

describe('two days of the seed register', () => {
  test('the case that it was made for: what changed between the fall and the review', async () => {
    const found = await groups(CASE)
    expect(found.map(({ happened }) => happened)).toEqual(
      HAPPENED.filter((one) => found.some(({ happened }) => happened === one)),
    )
    const of = (happened: string) => found.find((group) => group.happened === happened)?.references ?? []
    expect(of('reassigned')).toEqual(expect.arrayContaining(['RUS-SYR-2019-1']))
    expect(of('opened_for_review')).toContain('RUS-SYR-2017-2')
    expect(of('entered')).toContain('ARE-SYR-2025-2')
    for (const { count, references } of found) expect(references).toHaveLength(count)
  })

  test.each([
    ['2024-12-08', '2025-07-31'],
    ['1990', '2026-11-23'],
    ['2018', '2019'],
    ['2022-06-08', '2023'],
    ['2023', '2025-04-04'],
    ['2025-01', '2025-07-12'],
    ['2026-01-29', '2026-02-23'],
    ['2000-01-01', '2099'],
  ])('%s and %s differ exactly where the list does', async (from, to) => {
    const rows = await csv(`from=${from}&to=${to}`)
    const told = rows.map((row) => `${row['reference']} ${row['happened']}`)
    expect(told.toSorted()).toEqual((await expected(from, to)).toSorted())
    const [before, after] = [await listed(`as_of=${from}`), await listed(`as_of=${to}`)]
    for (const row of rows) {
      const [earlier, later] = [before.get(row['reference'] ?? ''), after.get(row['reference'] ?? '')]
      expect(row).toMatchObject({
        status_before: earlier?.['status'] ?? '',
        means_before: earlier?.['means'] ?? '',
        since_before: earlier?.['status_since'] ?? '',
        status_after: later?.['status'],
        means_after: later?.['means'],
        since_after: later?.['status_since'],
      })
    }
  })

  test('says on what evidence each stands, by the speakers and the sources of the later position', async () => {
    const port = (await groups(CASE)).find(({ references }) => references.includes('RUS-SYR-2019-1'))
    const line = port?.text.split('<tr>').find((row) => row.includes('RUS-SYR-2019-1')) ?? ''
    const row = (await csv(CASE)).find(({ reference }) => reference === 'RUS-SYR-2019-1')
    const evidence = await app.context.db.read
      .selectFrom('position_claims')
      .innerJoin('positions', 'positions.id', 'position_id')
      .innerJoin('agreements', 'agreements.id', 'positions.agreement_id')
      .innerJoin('claims', 'claims.id', 'claim_id')
      .innerJoin('sources', 'sources.id', 'source_id')
      .select(['asserted_by', 'sources.title', 'url'])
      .where('reference', '=', 'RUS-SYR-2019-1')
      .where('positions.status', '=', 'reassigned')
      .orderBy('claim_id')
      .execute()
    expect(evidence.length).toBeGreaterThan(0)
    for (const { asserted_by, url } of evidence) {
      expect(line).toContain(`<bdi>${asserted_by.replaceAll('&', '&amp;')}</bdi>, in `)
      expect(line).toContain(`href="${url?.replaceAll('&', '&amp;')}"`)
      expect(row?.['sources']).toContain(url)
    }
    expect(row?.['said_by']).toBe(evidence.map(({ asserted_by }) => asserted_by).join('; '))
    expect(row?.['reason']).toBe('The reading with which this register began.')
  })

  test('leads to each dossier as of the later day', async () => {
    const { text } = await app.reader.get(`/compare?${CASE}`).expect(200)
    expect(text).toContain('href="/agreements/RUS-SYR-2019-1?as_of=2025-07-31"')
    const [row] = await csv(CASE)
    expect(row?.['url']).toBe(`http://register.example/agreements/${row?.['reference']}?as_of=2025-07-31`)
    const known = await csv(`${CASE}&known_at=2026-11-23`)
    expect(known[0]?.['url']).toMatch(/\?as_of=2025-07-31&known_at=2026-11-23$/)
  })

  test('that nothing happened between is a page that says so', async () => {
    const { text } = await app.reader.get('/compare?from=2025-07-14&to=2025-07-15').expect(200)
    expect(text).toContain('Nothing changed')
    expect(text).not.toContain('Export')
    expect(await csv('from=2025-07-14&to=2025-07-15')).toEqual([])
  })

  test('by what was known before the register began: nothing stood on either', async () => {
    const { text } = await app.reader.get(`/compare?${CASE}&known_at=2020-01-01`).expect(200)
    expect(text).toContain('0 agreements stood differently')
    expect(await csv(`${CASE}&known_at=2020-01-01`)).toEqual([])
  })

  test('a day before every agreement compares with nothing', async () => {
    const rows = await csv('from=1900&to=2026-11-23')
    expect(new Set(rows.map(({ happened }) => happened))).toEqual(new Set(['entered']))
    expect(rows).toHaveLength((await listed('as_of=2026-11-23')).size)
  })

  test('are chosen on a page that explains itself, and its own example is answered', async () => {
    const { text } = await app.reader.get('/compare').expect(200)
    expect(text).toContain('Choose two days')
    const [, example = ''] = /href="(\/compare\?[^"]+)"/.exec(text) ?? []
    await app.reader.get(example.replaceAll('&amp;', '&')).expect(200)
    await app.reader.get('/compare?from=&to=').expect(200)
  })
})

describe('the CSV of a comparison', () => {
  test('is a dated download with exactly its columns, in the order of the page', async () => {
    const { headers, text } = await app.reader.get(`/compare.csv?${CASE}`).expect(200)
    expect(headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(headers['content-disposition']).toBe(
      'attachment; filename="compare-2024-12-08-to-2025-07-31-2026-11-23.csv"',
    )
    expect(text.split('\r\n')[0]).toBe(COLUMNS)
    expect(text.endsWith('\r\n')).toBe(true)
    const rows = await csv(CASE)
    const page = (await groups(CASE)).flatMap(({ references }) => references)
    expect(rows.map(({ reference }) => reference)).toEqual(page)
    const { text: html } = await app.reader.get(`/compare?${CASE}`)
    expect(html).toContain(`>Export ${rows.length} rows</a>`)
    expect(html).toContain(`From 8 Dec 2024 to 31 Jul 2025: ${rows.length} agreements stood differently`)
  })

  test('begins with a mark for Excel when asked', async () => {
    const { text } = await app.reader.get(`/compare.csv?${CASE}&bom=1`).expect(200)
    expect(text.startsWith('\ufeffreference,')).toBe(true)
    await app.reader.get(`/compare.csv?${CASE}&bom=yes`).expect(400, 'bom: must be 1 or 0.\n')
  })

  test('says when it was known in its name', async () => {
    const { headers } = await app.reader.get(`/compare.csv?${CASE}&known_at=2026-11-23T11:00:00Z`).expect(200)
    expect(headers['content-disposition']).toContain('-known-2026-11-23T110000Z-2026-11-23.csv"')
  })
})

describe('days that cannot be compared', () => {
  test.each([
    ['from=2025-07-31&to=2024-12-08', 'to', 'give the earlier day first'],
    ['from=2025-07-31&to=2025-07-31', 'to', 'is not behind'],
    ['from=2025&to=2025-01-01', 'to', 'is not behind'],
    ['from=2025-01&to=2025', 'to', 'is not behind'],
    ['from=2025', 'to', 'is missing'],
    ['to=2025', 'from', 'is missing'],
    ['from=&to=2025', 'from', 'is missing'],
    ['from=2025-02-30&to=2026', 'from', 'is not a date'],
    ['from=2024&to=tomorrow', 'to', 'is not a date'],
    ['from=2024&to=2025&from=2023', 'from', 'may be given once only'],
    [`${CASE}&as_of=2025`, 'as_of', 'does not go with two days'],
    [`${CASE}&known_at=2099-01-01`, 'known_at', 'is in the future'],
    [`${CASE}&page=0`, 'page', 'is not a page number'],
    [`${CASE}&page=x`, 'page', 'is not a page number'],
    [`${CASE}&status=active`, 'status', 'is not a'],
    [`${CASE}&per_page=25`, 'per_page', 'is not a'],
  ])('%s is a 400 that names it', async (query, name, message) => {
    const { text } = await app.reader.get(`/compare?${query}`).expect(400)
    expect(text).toContain(`<bdi>${name}</bdi>`)
    expect(text).toContain(message)
    const { text: plain } = await app.reader.get(`/compare.csv?${query}`).expect(400)
    expect(plain).toContain(`${name}: `)
  })

  test('an export without days says that both are missing', async () => {
    const { text } = await app.reader.get('/compare.csv').expect(400)
    expect(text).toContain('from: is missing')
    expect(text).toContain('to: is missing')
  })

  test('a page beyond the last is a 404 that says how many there are', async () => {
    const { text } = await app.reader.get(`/compare?${CASE}&page=2`).expect(404)
    expect(text).toContain('there is no page 2; this list has one page')
    await app.reader.get(`/compare?${CASE}&page=9999999`).expect(404)
    await app.reader.get('/compare?from=2025-07-14&to=2025-07-15&page=2').expect(404)
  })

  test('whoever looks at a day and then compares two gets an answer from the very form and example of that page', async () => {
    const { text } = await app.reader.get('/compare?as_of=2025-02-01').expect(200)
    const [, example = ''] = /href="(\/compare\?from=[^"]+)"/.exec(text) ?? []
    await app.reader.get(example.replaceAll('&amp;', '&')).expect(200)
    const form = text.slice(
      text.indexOf('<form class="inline-filter" action="/compare" method="get" aria-label="Choose'),
    )
    const hidden = [...form.slice(0, form.indexOf('</form>')).matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)]
    const sent = new URLSearchParams([
      ['from', '2024-12-08'],
      ['to', '2025-07-31'],
      ...hidden.map(([, name = '', value = '']) => [name, value] as [string, string]),
    ])
    await app.reader.get(`/compare?${sent.toString()}`).expect(200)
  })
})

describe('a made-up register', () => {
  /** An agreement for each thing that can happen between 2025 and 2026. */
  async function everything() {
    const own = await testApp()
    const eve = await own.logIn('analyst', 'Eve')
    const evidence = { source_title: 'Gazette', source_publisher: 'Printer', asserted_by: 'Minister' }
    const enter = async (title: string, status: string, since: string, moves: [string, string, string][] = []) => {
      const form = agreementForm({ title, status, status_since: since })
      const { headers } = await eve.post('/agreements').type('form').send(form).expect(303)
      const address = headers['location'] ?? ''
      const successor = {
        new_party_name: 'Harbour Nine',
        new_party_type: 'company',
        new_party_country: 'AE',
        ...evidence,
      }
      for (const [index, [to, means, day]] of moves.entries()) {
        const more = to === 'reassigned' ? successor : evidence
        const move = {
          status: to,
          means,
          effective_on: day,
          reason: `So: ${title}`,
          version: String(index + 1),
          ...more,
        }
        await eve.post(`${address}/status`).type('form').send(statusForm(move)).expect(303)
      }
      return address.split('/').at(-1) ?? ''
    }
    const entered = {
      entered: await enter('Came', 'active', '2025-06'),
      opened_for_review: await enter('Opened', 'active', '2020', [['under_review', 'joint_review', '2025-06']]),
      confirmed: await enter('Confirmed', 'under_review', '2020', [['active', 'confirmed', '2025-06']]),
      annulled: await enter('Annulled', 'active', '2020', [['annulled', 'terminated', '2025-06']]),
      reassigned: await enter('Reassigned', 'active', '2020', [['reassigned', 'assigned', '2025-06']]),
      reinstated: await enter('Reinstated', 'annulled', '2020', [['active', 'reinstated', '2025-06']]),
      other_means: await enter('Other means', 'active', '2020', [['active', 'in_force', '2025-06']]),
    }
    await enter('Stood the same', 'active', '2020')
    await enter('Went and came back', 'active', '2020', [
      ['under_review', '', '2025-03'],
      ['active', '', '2025-06'],
    ])
    await enter('Is still to come', 'active', '2026-03')
    return { own, eve, entered }
  }

  test('has each thing that can happen under its own heading, once', async () => {
    const { own, entered } = await everything()
    const found = await groups('from=2025&to=2026', own)
    expect(found.map(({ happened, count, references }) => [happened, count, references])).toEqual(
      HAPPENED.map((happened) => [happened, 1, [entered[happened]]]),
    )
    for (const { happened, text } of found)
      expect(text).toContain(`>${happenedLabel(happened as (typeof HAPPENED)[number])} <span`)
    const rows = await csv('from=2025&to=2026', own)
    expect(rows.map(({ happened }) => happened)).toEqual([...HAPPENED])
    expect(rows[3]).toMatchObject({
      status_before: 'active',
      means_before: '',
      since_before: '2020',
      status_after: 'annulled',
      means_after: 'terminated',
      since_after: '2025-06',
      reason: 'So: Annulled',
      said_by: 'Minister',
      sources: 'Gazette, Printer',
    })
    expect(rows[0]).toMatchObject({ status_before: '', means_before: '', since_before: '', reason: '', said_by: '' })
  })

  test('is compared by what was known then', async () => {
    const { own, eve, entered } = await everything()
    own.clock.set('2026-11-25T12:00:00.000Z')
    const { id } = await own.context.db.read
      .selectFrom('positions')
      .innerJoin('agreements', 'agreements.id', 'agreement_id')
      .select('positions.id')
      .where('reference', '=', entered.annulled)
      .orderBy('positions.id', 'desc')
      .executeTakeFirstOrThrow()
    const correction = {
      status: 'annulled',
      means: 'terminated',
      effective_on: '2024-06',
      reason: 'A year out.',
      source_title: 'Errata',
      version: '2',
    }
    await eve.post(`/agreements/${entered.annulled}/positions/${id}/correct`).type('form').send(correction).expect(303)
    const told = async (known: string) =>
      (await csv(`from=2025&to=2026${known}`, own)).map(({ reference }) => reference)
    expect(await told('')).not.toContain(entered.annulled)
    expect(await told('&known_at=2026-11-24')).toContain(entered.annulled)
    const rows = await csv('from=2024&to=2025', own)
    expect(rows).toMatchObject([{ reference: entered.annulled, happened: 'annulled', sources: 'Errata' }])
  })

  test('of a thousand agreements is told in pages; the export has every row, in their order', async () => {
    const large = await testApp({ madeUp: MANY })
    const query = 'from=2015&to=2026'
    const rows = await csv(query, large)
    expect(rows.length).toBeGreaterThan(200)
    const pages = Math.ceil(rows.length / 100)
    const told: (string | undefined)[] = []
    for (let page = 1; page <= pages; page += 1)
      told.push(...(await groups(`${query}&page=${page}`, large)).flatMap(({ references }) => references))
    expect(told).toEqual(rows.map(({ reference }) => reference))
    await large.reader.get(`/compare?${query}&page=${pages + 1}`).expect(404)
    const sum = rows.map((row) => `${row['reference']} ${row['happened']}`)
    expect(sum.toSorted()).toEqual((await expected('2015', '2026', '', large)).toSorted())
    const { text } = await large.reader.get(`/compare?${query}`).expect(200)
    for (const happened of HAPPENED) {
      const count = rows.filter((row) => row['happened'] === happened).length
      if (count > 0) expect(text).toContain(`${happenedLabel(happened)} <b>${count.toLocaleString('en')}</b>`)
    }
    const known = '2025-06-01T00:00:00Z'
    const then = (await csv(`${query}&known_at=${known}`, large)).map((row) => `${row['reference']} ${row['happened']}`)
    expect(then.length).toBeGreaterThan(50)
    expect(then.toSorted()).toEqual((await expected('2015', '2026', `&known_at=${known}`, large)).toSorted())
    expect(large.errors).toEqual([])
  })
})

test('a query string of any shape is answered, and never by a 500', async () => {
  const value = anyValue(
    '2024',
    '2025-07',
    '2025-07-31',
    '2025-02-30',
    '2099',
    '0000',
    '9999-12-31',
    '1',
    '9'.repeat(40),
    '<script>alert(1)</script>',
  )
  const names = fc.constantFrom('from', 'to', 'page', 'as_of', 'known_at', 'bom', '__proto__', 'constructor', '')
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('/compare', '/compare.csv'),
      fc.array(fc.tuple(names, value), { maxLength: 5 }),
      async (path, pairs) => {
        const query = encoded(pairs)
        const { status, text } = await app.reader.get(`${path}?${query}`)
        expect([200, 400, 404]).toContain(status)
        if (path === '/compare') expect(text).not.toContain('<script>alert(1)</script>')
      },
    ),
    { numRuns: 100 },
  )
  expect(app.errors).toEqual([])
})
