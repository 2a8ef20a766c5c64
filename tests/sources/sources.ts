import { entriesOf, seenIn } from '../support/asked.ts'
import { type Desk, enterAgreement } from '../support/desk.ts'
import type { Fields } from '../support/test-app.ts'

let count = 0
/** A source that no other test has. */
export const sourceForm = (more: Fields = {}): Fields => ({
  source_title: `Gazette ${(count += 1)}`,
  source_publisher: 'The printer',
  source_url: `https://gazette.example/${count}`,
  source_published_on: '2026-10-15',
  source_lang: 'fr',
  source_read_on: '2026-11-01',
  source_reliability: 'B',
  ...more,
})

/** Recording and editing sources, and claims that rest on them. */
export function sourcesAt(desk: Desk) {
  const read = () => desk.app.context.db.read
  const enter = (more: Fields = {}) => enterAgreement(desk.ada, more)

  async function add(more: Fields = {}): Promise<number> {
    const { headers } = await desk.ada.post('/sources').type('form').send(sourceForm(more)).expect(303)
    return Number(/^\/sources\/(\d+)$/.exec(headers['location'] ?? '')?.[1])
  }
  const seenOf = async (id: number) => seenIn((await desk.ada.get(`/sources/${id}/edit`).expect(200)).text)
  const edit = (id: number, fields: Fields, agent = desk.ada) =>
    agent.post(`/sources/${id}/edit`).type('form').send(fields)

  const sourceRow = (id: number) =>
    read().selectFrom('sources').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const historyOf = async (id: number) => {
    const entries = await entriesOf(desk.app, { subject: `source:${id}` })
    return entries.map(({ kind, recorded_at, before, after }) => ({ kind, recorded_at, before, after }))
  }

  async function claim(reference: string, source: number, more: Fields = {}): Promise<number> {
    const about = { stance: 'asserts', status: 'annulled', asserted_by: 'A speaker', effective_on: '2026-10-01' }
    const { headers } = await desk.ada
      .post(`/agreements/${reference}/claims`)
      .type('form')
      .send({ ...about, source: String(source), ...more })
      .expect(303)
    return Number(headers['location']?.split('-').at(-1))
  }
  /** The ids of a list of sources, in its order. */
  const listed = async (query: string) => {
    const { text } = await desk.app.reader.get(`/sources${query}`).expect(200)
    return [...text.matchAll(/<td class="cell-title"><a href="\/sources\/(\d+)/g)].map(([, id]) => Number(id))
  }

  return { read, enter, add, seenOf, edit, sourceRow, historyOf, claim, listed }
}
