import { agreementRow, entriesOf } from '../support/asked.ts'
import { type Desk, enterAgreement } from '../support/desk.ts'
import type { Fields } from '../support/test-app.ts'

/** What an agreement has beside what every one has. */
export const WHOLE = {
  title_ar: 'اتفاقية ميناء روريتانيا',
  lead: 'Ada',
  summary: 'As first entered.',
  note_field: ['signed_on'],
  note_value: ['2019-02'],
  note_url: ['https://other.example/a'],
  note_note: ['another source'],
  place: ['Ruritania port'],
  place_kind: ['port'],
  place_country: ['RO'],
  place_choice: ['new'],
}

/** Editing agreements and taking the edits back. */
export function editsAt(desk: Desk) {
  const read = () => desk.app.context.db.read
  const row = (reference: string) => agreementRow(desk.app, reference)
  const versionsOf = async (reference: string) =>
    read()
      .selectFrom('agreement_versions')
      .selectAll()
      .where('agreement_id', '=', (await row(reference)).id)
      .orderBy('version')
      .execute()
  const partsOf = async (reference: string) =>
    JSON.parse((await versionsOf(reference)).at(-1)?.parts ?? '') as Record<string, Record<string, unknown>[]>
  /** The newest entry of an agreement's history. */
  async function newest(reference: string) {
    const entry = (await entriesOf(desk.app, { agreement: (await row(reference)).id })).at(-1)
    if (!entry) throw new Error(`${reference} has no history`)
    return entry
  }

  const enter = (more: Fields = {}) => enterAgreement(desk.ada, { means: '', ...WHOLE, ...more })
  /** Edits an agreement; the number of the change. What is not sent stays. */
  async function edit(reference: string, fields: Fields): Promise<number> {
    const { title, kind, version } = await row(reference)
    await desk.ada
      .post(`/agreements/${reference}/edit`)
      .type('form')
      .send({ title, kind, version: String(version), ...fields })
      .expect(303)
    return (await newest(reference)).id
  }
  const revertPath = (reference: string, change: number) => `/agreements/${reference}/history/${change}/revert`
  const send = (reference: string, change: number, fields: Fields, agent = desk.ada) =>
    agent.post(revertPath(reference, change)).type('form').send(fields)
  const versionOf = async (reference: string) => String((await row(reference)).version)
  async function revert(reference: string, change: number): Promise<void> {
    await send(reference, change, { reason: 'It was a slip.', version: await versionOf(reference) })
      .expect(303)
      .expect('Location', `/agreements/${reference}`)
  }

  return { read, row, versionsOf, partsOf, newest, enter, edit, revertPath, send, versionOf, revert }
}
