import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anyValue, encoded } from '../support/any-shape.ts'
import { agreementForm, statusForm } from '../support/forms.ts'
import { type Agent, startTestApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
let ada: Agent
let address: string
/** One agreement in five versions: entered, edited, moved, edited back, edited. */
beforeAll(async () => {
  app = await startTestApp({ seeds: true })
  ada = await app.logIn('analyst', 'Ada')
  const send = async (path: string, fields: Record<string, string | string[]>) =>
    (await ada.post(path).type('form').send(fields).expect(303)).headers['location'] ?? ''
  const entered = { status: 'active', means: 'in_force', status_since: '2020', lead: 'Ada', title_ar: 'اتفاقية' }
  address = await send('/agreements', agreementForm(entered))
  app.clock.set('2026-11-24T08:00:00.000Z')
  await send(`${address}/edit`, agreementForm({ version: '1', lead: 'Boris', title: 'Second <title>', title_ar: '' }))
  app.clock.set('2026-11-25T08:00:00.000Z')
  await send(`${address}/status`, statusForm({ version: '2' }))
  app.clock.set('2026-11-26T08:00:00.000Z')
  await send(`${address}/edit`, agreementForm({ version: '3', lead: 'Ada', title_ar: 'اتفاقية' }))
  app.clock.set('2026-11-27T08:00:00.000Z')
  await send(`${address}/edit`, agreementForm({ version: '4', lead: 'Ada', signed_on: '' }))
})
afterAll(() => app.stop())

/** The fields that two versions differ in, each with both values, as the page has them. */
async function compared(query: string): Promise<string[][]> {
  const { text } = await app.reader.get(`${address}/compare${query}`).expect(200)
  return [...text.matchAll(/<tr><th scope="row">(.*?)<\/th><td[^>]*>(.*?)<\/td><td[^>]*>(.*?)<\/td><\/tr>/g)].map(
    ([, ...cells]) => cells,
  )
}
const TITLE = 'Agreement on the port of Ruritania'

describe('two versions side by side', () => {
  test.each([
    ['of an edit', '?from=1&to=2', ['Lead', 'Title', 'Title (ar)']],
    ['of a change of status', '?from=2&to=3', ['Means', 'Status', 'Status since']],
    ['further apart', '?from=1&to=5', ['Means', 'Signed on', 'Status', 'Status since']],
    ['the later one first', '?from=3&to=1', ['Lead', 'Means', 'Status', 'Status since', 'Title', 'Title (ar)']],
  ])('%s differ in exactly these fields', async (_which, query, expected) => {
    expect((await compared(query)).map(([field = '']) => field).toSorted()).toEqual(expected)
  })

  test('have both values of each field, what is empty as a dash, in the order in which they were asked for', async () => {
    const rows = await compared('?from=1&to=2')
    expect(rows).toContainEqual(['Title', TITLE, 'Second &lt;title&gt;'])
    expect(rows).toContainEqual(['Title (ar)', 'اتفاقية', '–'])
    expect(rows).toContainEqual(['Lead', 'Ada', 'Boris'])
    const back = await compared('?from=2&to=1')
    expect(back).toHaveLength(rows.length)
    for (const [field, one, other] of rows) expect(back).toContainEqual([field, other, one])
  })

  test('are the last two when none is named, and the one before when one is', async () => {
    expect((await compared('')).map(([field]) => field)).toEqual(['Signed on'])
    expect(await compared('?to=2')).toEqual(await compared('?from=1&to=2'))
    expect(await compared('?from=3')).toEqual(await compared('?from=3&to=5'))
  })

  test('of the same number do not differ, and the page says so', async () => {
    for (const query of ['?from=3&to=3', '?to=1', '?from=5']) {
      const { text } = await app.reader.get(`${address}/compare${query}`).expect(200)
      expect(text).toContain('No difference')
    }
    const { text } = await app.reader.get('/agreements/RUS-SYR-2005-1/compare').expect(200)
    expect(text).toContain('No difference')
  })

  test('say a status and its means in words, as the history does', async () => {
    const rows = await compared('?from=2&to=3')
    expect(rows).toContainEqual(['Status', 'Active', 'Under review'])
    expect(rows).toContainEqual(['Means', 'in force', 'joint review'])
    expect(rows).toContainEqual(['Status since', '2020', '1 Nov 2026'])
  })

  test('can be chosen among all there are, with when each was recorded', async () => {
    const { text } = await app.reader.get(`${address}/compare?from=2&to=4`).expect(200)
    const offered = [...text.matchAll(/<option value="(\d+)"( selected)?>([^<]+)</g)].map(([, one, chosen, label]) => [
      one,
      chosen !== undefined,
      label,
    ])
    expect(offered).toHaveLength(10)
    expect(offered.slice(0, 5)).toEqual([
      ['5', false, '5, 27 Nov 2026, 08:00 UTC'],
      ['4', false, '4, 26 Nov 2026, 08:00 UTC'],
      ['3', false, '3, 25 Nov 2026, 08:00 UTC'],
      ['2', true, '2, 24 Nov 2026, 08:00 UTC'],
      ['1', false, '1, 23 Nov 2026, 12:00 UTC'],
    ])
    expect(offered.slice(5).map(([one, chosen]) => [one, chosen])).toContainEqual(['4', true])
  })

  test('are reached from the history', async () => {
    const { text } = await app.reader.get(`${address}/history`).expect(200)
    const links = [...text.matchAll(/href="([^"]*\/compare\?from=(\d)&amp;to=(\d))"/g)].map(
      ([, , from, to]) => `${from} ${to}`,
    )
    expect(links).toEqual(['4 5', '3 4', '2 3', '1 2'])
  })

  test('are those that were known then', async () => {
    const { text } = await app.reader.get(`${address}/compare?known_at=2026-11-24T12:00:00Z`).expect(200)
    expect(text.match(/<option/g)).toHaveLength(4)
    expect(text).toContain('Versions 1 and 2 of')
    const { text: refused } = await app.reader
      .get(`${address}/compare?from=1&to=3&known_at=2026-11-24T12:00:00Z`)
      .expect(400)
    expect(refused).toContain('there is no version 3')
    await app.reader.get(`${address}/compare?known_at=2026-11-22`).expect(404)
  })

  test.each([
    ['from=0', 'from'],
    ['from=6', 'from'],
    ['to=6', 'to'],
    ['from=99&to=1', 'from'],
    ['to=-1', 'to'],
    ['to=1.5', 'to'],
    ['from=x', 'from'],
    [`from=${'9'.repeat(30)}`, 'from'],
    ['from=1&from=2', 'from'],
    ['version=1', 'version'],
    ['as_of=2026-02-30', 'as_of'],
  ])('%s is a 400 that names it', async (query, name) => {
    const { text } = await app.reader.get(`${address}/compare?${query}`).expect(400)
    expect(text).toContain(`<bdi>${name}</bdi>`)
  })

  test('of an agreement that is not there are a 404', async () => {
    await app.reader.get('/agreements/RUS-SYR-1900-1/compare').expect(404)
  })

  test('of any query string are answered, and never by a 500', async () => {
    const value = anyValue('1', '2', '6', '0', '9'.repeat(40), '2025')
    const names = fc.constantFrom('from', 'to', 'as_of', 'known_at', '__proto__', 'constructor', '')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(names, value), { maxLength: 4 }), async (pairs) => {
        const query = encoded(pairs)
        const { status } = await app.reader.get(`${address}/compare?${query}`)
        expect([200, 400, 404]).toContain(status)
      }),
      { numRuns: 60 },
    )
    expect(app.errors).toEqual([])
  })
})
