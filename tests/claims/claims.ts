import { expect } from 'vitest'
import { agreementRow, csvRows, entriesOf, seenIn } from '../support/asked.ts'
import { type Desk, enterAgreement } from '../support/desk.ts'
import type { Fields } from '../support/test-app.ts'

let sources = 0
/** A claim that contests an agreement which is active since 2020, in a source of its own. */
export const claimForm = (more: Fields = {}): Fields => ({
  stance: 'asserts',
  status: 'annulled',
  asserted_by: 'The port authority',
  effective_on: '2026-10-01',
  said_on: '2026-10-02',
  source_title: `Port bulletin ${(sources += 1)}`,
  ...more,
})

/** Recording claims and deciding about them, and what is known of them then. */
export function claimsAt(desk: Desk) {
  const read = () => desk.app.context.db.read
  const row = (reference: string) => agreementRow(desk.app, reference)
  const csv = (query: string) => csvRows(desk.app, `/agreements.csv${query}`)
  const enter = (more: Fields = {}) => enterAgreement(desk.ada, more)
  const send = (reference: string, more: Fields = {}, agent = desk.ada) =>
    agent.post(`/agreements/${reference}/claims`).type('form').send(claimForm(more))
  const decide = (id: number, verb: string, fields: Fields, agent = desk.ada) =>
    agent.post(`/claims/${id}/${verb}`).type('form').send(fields)

  async function record(reference: string, more: Fields = {}): Promise<number> {
    const { headers } = await send(reference, more).expect(303)
    expect(headers['location']).toMatch(new RegExp(`^/agreements/${reference}/claims#claim-\\d+$`))
    return Number(headers['location']?.split('-').at(-1))
  }
  /** Records a claim about several agreements, named as somebody types them. */
  async function recordAbout(agreements: string): Promise<number> {
    const { headers } = await desk.ada.post('/claims').type('form').send(claimForm({ agreements })).expect(303)
    return Number(headers['location']?.split('/').at(-1))
  }

  /** What the form of a decision was opened with. */
  const opened = async (id: number, agent = desk.ada) => seenIn((await agent.get(`/claims/${id}`).expect(200)).text)
  async function decided(id: number, verb: string, fields: Fields = {}): Promise<void> {
    await decide(id, verb, { reason: 'It was weighed.', seen: await opened(id), ...fields }).expect(303)
  }

  const claimRow = (id: number) =>
    read().selectFrom('claims').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const historyOf = (id: number) => entriesOf(desk.app, { subject: `claim:${id}` })

  /** Whether an agreement is contested: asked wherever the register says so, which must agree. */
  async function contested(reference: string): Promise<boolean> {
    const { reader } = desk.app
    const [listed] = await csv(`?q=${reference}`)
    const isContested = listed?.['contested'] === 'yes'
    const [all, rest, every] = [await csv('?contested=yes'), await csv('?contested=no'), await csv('')]
    expect(all.length + rest.length).toBe(every.length)
    const { text: dossier } = await reader.get(`/agreements/${reference}`).expect(200)
    const standing = /<p class="standing">[\s\S]*?<\/p>/.exec(dossier)?.[0] ?? ''
    const { text: list } = await reader.get('/agreements').expect(200)
    const { text: overview } = await reader.get('/').expect(200)
    expect({
      row: (await row(reference)).contested === 1,
      filter: all.some((one) => one['reference'] === reference),
      badge: standing.includes('<span class="contested">contested</span>'),
      against: / \d+ against<\/span><\/h2>/.test(dossier),
    }).toEqual({ row: isContested, filter: isContested, badge: isContested, against: isContested })
    expect(list).toContain(`<span class="contested">contested</span> <span class="facet-count">${all.length}</span>`)
    expect(overview).toContain(`>${all.length} contested</a>`)
    return isContested
  }

  return { read, row, csv, enter, send, record, recordAbout, opened, decide, decided, claimRow, historyOf, contested }
}
