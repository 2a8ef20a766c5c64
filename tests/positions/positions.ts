import { agreementRow, csvRows, entriesOf } from '../support/asked.ts'
import { type Desk, enterAgreement } from '../support/desk.ts'
import { statusForm } from '../support/forms.ts'
import type { Fields } from '../support/test-app.ts'

const EVIDENCE = { source_title: 'Gazette 12', source_url: 'https://gazette.example/12', asserted_by: 'The ministry' }

/** Agreements with the positions that a test is about, and correcting these. */
export function positionsAt(desk: Desk) {
  const read = () => desk.app.context.db.read
  const row = (reference: string) => agreementRow(desk.app, reference)
  const positionsOf = async (reference: string) =>
    read()
      .selectFrom('positions')
      .selectAll()
      .where('agreement_id', '=', (await row(reference)).id)
      .orderBy('id')
      .execute()
  const newest = async (reference: string) => (await positionsOf(reference)).at(-1)?.id ?? 0
  const historyOf = async (reference: string) =>
    (await entriesOf(desk.app, { agreement: (await row(reference)).id })).filter(({ version }) => version !== null)
  /** How the list has an agreement at a moment; undefined when it has it not. */
  const listed = async (reference: string, query = '') => {
    const [found] = await csvRows(desk.app, `/agreements.csv?q=${reference}${query}`)
    return found && [found['status'], found['means'], found['status_since']].join(' ')
  }

  /** A new agreement, active since 2020, with moves that follow each other: status, means, day. */
  async function enter(...moves: [string, string, string][]): Promise<string> {
    const reference = await enterAgreement(desk.ada)
    for (const [index, [status, means, effective_on]] of moves.entries()) {
      const more = ['annulled', 'reassigned'].includes(status) ? EVIDENCE : {}
      const successor = status === 'reassigned' ? { taken_over_by: 'ARE-SYR-2025-2' } : {}
      const fields = statusForm({ status, means, effective_on, version: String(index + 1), ...more, ...successor })
      await desk.ada.post(`/agreements/${reference}/status`).type('form').send(fields).expect(303)
    }
    return reference
  }

  /** What the browser would send back from the form of a correction, untouched. */
  async function opened(reference: string, id: number, agent = desk.ada): Promise<Fields> {
    const { text } = await agent.get(`/agreements/${reference}/positions/${id}/correct`).expect(200)
    const form = text.slice(text.indexOf('<form class="sheet"'), text.indexOf('<aside'))
    const fields: Fields = { claim: [] }
    for (const [input = ''] of form.matchAll(/<input\b[^>]*>/g)) {
      const name = / name="([^"]+)"/.exec(input)?.[1] ?? ''
      const value = (/ value="([^"]*)"/.exec(input)?.[1] ?? '').replaceAll('&amp;', '&')
      if (input.includes('type="checkbox"')) {
        if (input.includes(' checked')) fields[name] = [fields[name] ?? [], value].flat()
      } else fields[name] = value
    }
    for (const [, name = '', options = ''] of form.matchAll(/<select\b[^>]* name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g))
      fields[name] = / value="([^"]*)" selected/.exec(options)?.[1] ?? ''
    return { ...fields, reason: 'It was misread.' }
  }
  const send = (reference: string, id: number, fields: Fields, agent = desk.ada) =>
    agent.post(`/agreements/${reference}/positions/${id}/correct`).type('form').send(fields)
  /** Corrects the newest position of an agreement. */
  async function correct(reference: string, more: Fields): Promise<void> {
    const id = await newest(reference)
    await send(reference, id, { ...(await opened(reference, id)), ...more })
      .expect(303)
      .expect('Location', `/agreements/${reference}`)
  }

  return { read, row, positionsOf, newest, historyOf, listed, enter, opened, send, correct }
}
