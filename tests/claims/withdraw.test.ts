import { describe, expect, test } from 'vitest'
import { statusForm } from '../support/forms.ts'
import { openDesk, verifyInTheEnd } from '../support/desk.ts'
import { claimsAt } from './claims.ts'

const desk = openDesk()
verifyInTheEnd(desk)
const { enter, record, decide, decided, claimRow, historyOf } = claimsAt(desk)

describe('withdrawing', () => {
  test('takes a claim out of the evidence and keeps it readable, as it was before', async () => {
    desk.app.clock.set('2026-11-25T10:00:00.000Z')
    const reference = await enter()
    const id = await record(reference)
    const { source_id } = await claimRow(id)
    desk.app.clock.set('2026-11-25T12:00:00.000Z')
    await decided(id, 'withdraw', { reason: 'It was said of another port.' })
    expect(await claimRow(id)).toMatchObject({ withdrawn_at: '2026-11-25T12:00:00.000Z' })
    expect((await historyOf(id)).at(-1)).toMatchObject({
      kind: 'claim_withdrawn',
      reason: 'It was said of another port.',
    })
    const { text } = await desk.ada.get(`/claims/${id}`).expect(200)
    expect(text).toContain('This claim is withdrawn')
    expect(text).toContain('It was said of another port.')
    expect(text).not.toContain(`/claims/${id}/`)
    expect((await desk.ada.get(`/agreements/${reference}`)).text).toContain('Nobody’s claim is recorded yet')
    expect((await desk.app.reader.get(`/sources/${source_id}`)).text).toContain('withdrawn')
    const { text: then } = await desk.app.reader
      .get(`/agreements/${reference}?known_at=2026-11-25T11:00:00Z`)
      .expect(200)
    expect(then).toContain(`id="claim-${id}"`)
    const { text: claimThen } = await desk.app.reader.get(`/claims/${id}?known_at=2026-11-25T11:00:00Z`).expect(200)
    expect(claimThen).not.toContain('withdrawn')
  })

  test('is final: nothing else can be decided about it', async () => {
    const reference = await enter()
    const id = await record(reference)
    await decided(id, 'withdraw')
    const seen = String((await historyOf(id)).at(-1)?.id)
    for (const [verb, more] of Object.entries({
      withdraw: {},
      settle: { agreement: reference },
      reopen: { agreement: reference },
      tie: { repeats: '1' },
      untie: {},
    })) {
      const { text } = await decide(id, verb, { reason: 'Once more.', seen, ...more }).expect(422)
      expect(text, verb).toContain('This claim is withdrawn')
    }
    expect(await historyOf(id)).toHaveLength(2)
  })

  test('a position that rested on it does not pretend that it still stands', async () => {
    const reference = await enter()
    const id = await record(reference, { asserted_by: 'A speaker who never spoke' })
    const move = { status: 'annulled', means: 'terminated', claim: String(id), version: '1' }
    await desk.ada.post(`/agreements/${reference}/status`).type('form').send(statusForm(move)).expect(303)
    await decided(id, 'withdraw')
    const { text } = await desk.app.reader.get(`/agreements/${reference}`).expect(200)
    const positions = text.slice(text.indexOf('id="positions"'), text.indexOf('id="facts"'))
    expect(positions).toContain('A speaker who never spoke')
    expect(positions).toContain('withdrawn')
  })
})
