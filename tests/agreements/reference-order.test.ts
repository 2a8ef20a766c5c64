import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { csvRows } from '../support/asked.ts'
import { agreementForm } from '../support/forms.ts'
import { type Agent, startTestApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
let ada: Agent
/** As they were entered, over two years and one without a day: so many that their numbers have two digits. */
const entered: string[] = []
beforeAll(async () => {
  app = await startTestApp()
  ada = await app.logIn('analyst', 'Ada')
  for (const signed_on of ['2020-05-01', ...Array.from({ length: 11 }, () => '2019-01-24'), '']) {
    const form = agreementForm({ signed_on, status: 'active', status_since: '2019' })
    const { headers } = await ada.post('/agreements').type('form').send(form).expect(303)
    entered.push(headers['location']?.split('/').at(-1) ?? '')
  }
})
afterAll(() => app.stop())

const numbered = (length: number) => Array.from({ length }, (_one, index) => index + 1)
/** By year, what has none last, and by number. */
function expected(): string[] {
  const stem = (entered[1] ?? '').replace(/-2019-1$/, '')
  return [...numbered(11).map((number) => `${stem}-2019-${number}`), `${stem}-2020-1`, `${stem}-ND-1`]
}

async function csv(query: string): Promise<string[]> {
  return (await csvRows(app, `/agreements.csv?${query}`)).map(({ reference = '' }) => reference)
}

async function page(query: string): Promise<string[]> {
  const { text } = await app.reader.get(`/agreements?${query}`).expect(200)
  return [...text.matchAll(/<td class="cell-title"><a href="\/agreements\/([^"?]+)/g)].map(([, one = '']) => one)
}

async function json(query: string): Promise<string[]> {
  const { text } = await app.reader.get(`/agreements.json?${query}`).expect(200)
  return (JSON.parse(text) as { reference: string }[]).map(({ reference }) => reference)
}

describe('in the order of references, the second comes before the tenth', () => {
  test.each(['', '&as_of=2026-01-01', '&known_at=2026-11-24', '&as_of=2026-01-01&known_at=2026-11-24'])(
    'on the page and in both exports%s',
    async (moment) => {
      app.clock.set('2026-11-25T12:00:00.000Z')
      for (const read of [csv, page, json]) {
        expect(await read(`sort=reference${moment}`)).toEqual(expected())
        expect(await read(`sort=-reference${moment}`)).toEqual(expected().toReversed())
      }
    },
  )

  test('among those that a claim would cover, and those that it covers', async () => {
    const inOrder = (text: string, from: string) =>
      [...text.slice(text.indexOf(from)).matchAll(/<a[^>]* href="\/agreements\/([^"?/]+-\d+)"/g)].map(([, one]) => one)
    const { text: preview } = await ada.get('/claims/new?kind=treaty').expect(200)
    expect(inOrder(preview, 'class="preview-list"')).toEqual(expected())
    const { headers } = await ada
      .post('/claims')
      .type('form')
      .send({
        stance: 'asserts',
        status: 'under_review',
        asserted_by: 'The minister',
        source_title: 'Bulletin',
        agreements: entered.join(' '),
      })
      .expect(303)
    const { text } = await app.reader.get(headers['location'] ?? '').expect(200)
    expect(inOrder(text, 'id="about"')).toEqual(expected())
  })
})
