import { describe, expect, test } from 'vitest'
import { seenIn } from '../support/asked.ts'
import { statusForm } from '../support/forms.ts'
import { openDesk, verifyInTheEnd } from '../support/desk.ts'
import { sourcesAt } from './sources.ts'

const desk = openDesk()
verifyInTheEnd(desk)
const { read, enter, add, claim } = sourcesAt(desk)

describe('the page of a source', () => {
  test('lists every claim and every position that rests on it', async () => {
    const [one, other, alone] = [await enter(), await enter(), await enter()]
    const id = await add({ source_url: 'https://rests.example/a' })
    const first = await claim(one, id, { asserted_by: 'The first speaker' })
    const { headers } = await desk.ada
      .post('/claims')
      .type('form')
      .send({
        stance: 'denies',
        status: 'active',
        asserted_by: 'The second speaker',
        source: String(id),
        agreements: `${one} ${other}`,
      })
      .expect(303)
    const moves = [
      [one, { claim: String(first) }],
      [alone, { source_url: 'http://www.rests.example/a/' }],
    ] as const
    for (const [reference, evidence] of moves) {
      const move = { status: 'annulled', means: 'terminated', version: '1', ...evidence }
      await desk.ada.post(`/agreements/${reference}/status`).type('form').send(statusForm(move)).expect(303)
    }
    const { text } = await desk.app.reader.get(`/sources/${id}`).expect(200)
    expect(text).toContain('Claims <span class="quiet">2</span>')
    for (const path of [`/claims/${first}`, headers['location']]) expect(text).toContain(`href="${path}"`)
    expect(text).toContain('The first speaker says Annulled')
    expect(text).toContain('The second speaker denies Active')
    const positions = text.slice(text.indexOf('id="positions"'), text.indexOf('id="facts"'))
    expect(positions).toContain('<span class="quiet">2</span>')
    for (const reference of [one, alone]) expect(positions).toContain(`href="/agreements/${reference}"`)
    expect(positions).not.toContain(other)
  })

  test('of a moment does not tell what happened to its claims later', async () => {
    desk.app.clock.set('2026-11-25T08:00:00.000Z')
    const reference = await enter()
    const id = await add()
    const made = await claim(reference, id)
    const move = {
      status: 'annulled',
      means: 'terminated',
      claim: String(made),
      version: '1',
      effective_on: '2026-10-01',
    }
    await desk.ada.post(`/agreements/${reference}/status`).type('form').send(statusForm(move)).expect(303)
    const position = await read()
      .selectFrom('position_claims')
      .select('position_id')
      .where('claim_id', '=', made)
      .executeTakeFirstOrThrow()
    desk.app.clock.set('2026-11-25T10:00:00.000Z')
    await desk.ada
      .post(`/agreements/${reference}/positions/${position.position_id}/correct`)
      .type('form')
      .send({
        status: 'annulled',
        means: 'denounced',
        effective_on: '2026-10-01',
        reason: 'Misread.',
        claim: String(made),
        version: '2',
      })
      .expect(303)
    const seen = seenIn((await desk.ada.get(`/claims/${made}`)).text)
    await desk.ada.post(`/claims/${made}/withdraw`).type('form').send({ reason: 'Nobody said so.', seen }).expect(303)
    const now = (await desk.app.reader.get(`/sources/${id}`).expect(200)).text
    expect(now).toContain('>withdrawn<')
    expect(now).toContain('(corrected since)')
    const then = (await desk.app.reader.get(`/sources/${id}?known_at=2026-11-25T09:00:00Z`).expect(200)).text
    expect(then).toContain(`/claims/${made}?known_at`)
    expect(then).not.toContain('>withdrawn<')
    expect(then).not.toContain('(corrected since)')
    const claimThen = (await desk.app.reader.get(`/claims/${made}?known_at=2026-11-25T09:00:00Z`).expect(200)).text
    expect(claimThen).toContain('Positions that rest on it')
    expect(claimThen).not.toContain('(corrected since)')
  })

  test('was not there before it was recorded', async () => {
    desk.app.clock.set('2026-11-25T12:00:00.000Z')
    const id = await add()
    await desk.app.reader.get(`/sources/${id}?known_at=2026-11-25T11:00:00Z`).expect(404)
  })
})
