import { describe, expect, test } from 'vitest'
import { leadingNowhere } from '../support/forms.ts'
import { seenIn } from '../support/asked.ts'
import { testApp } from '../support/test-app.ts'
import { verified } from '../support/verified.ts'
import { enterAgreement, openDesk, verifyInTheEnd } from '../support/desk.ts'
import { claimForm, claimsAt } from './claims.ts'

const desk = openDesk()
verifyInTheEnd(desk)
const { read, row, enter, record, recordAbout, opened, decide, decided, historyOf, contested } = claimsAt(desk)

describe('settling', () => {
  test('is recorded with its reason, in the history of the claim and of the agreement, and so is reopening', async () => {
    desk.app.clock.set('2026-11-24T12:00:00.000Z')
    const reference = await enter()
    const id = await record(reference)
    await decided(id, 'settle', { agreement: reference, reason: 'He spoke of another port.' })
    desk.app.clock.set('2026-11-25T08:00:00.000Z')
    await decided(id, 'reopen', { agreement: reference, reason: 'He repeated it in writing.' })
    const history = await historyOf(id)
    expect(history.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['claim_added', null],
      ['claim_settled', 'He spoke of another port.'],
      ['claim_reopened', 'He repeated it in writing.'],
    ])
    expect(history[1]?.after).toEqual({
      claim: { asserted_by: 'The port authority', stance: 'asserts', status: 'annulled' },
      agreements: [reference],
    })
    const [settlement] = await read().selectFrom('claim_settlements').selectAll().where('claim_id', '=', id).execute()
    expect(settlement).toMatchObject({
      reason: 'He spoke of another port.',
      settled_at: '2026-11-24T12:00:00.000Z',
      reopened_at: '2026-11-25T08:00:00.000Z',
    })
    for (const path of [`/claims/${id}`, `/agreements/${reference}/history`]) {
      const { text } = await desk.app.reader.get(path).expect(200)
      for (const told of ['settled the claim', 'He spoke of another port.', 'reopened the claim', 'in writing.'])
        expect(text).toContain(told)
    }
  })

  test('is shown in the evidence with who did it and why', async () => {
    const reference = await enter()
    const id = await record(reference)
    await decided(id, 'settle', { agreement: reference, reason: 'A misprint.' })
    for (const path of [`/agreements/${reference}`, `/agreements/${reference}/claims`]) {
      const { text } = await desk.boris.get(path).expect(200)
      expect(text).toContain('Settled by <bdi>Ada</bdi>: <bdi>A misprint.</bdi>')
      expect(text).not.toContain('>contests<')
    }
    expect((await desk.boris.get(`/claims/${id}`)).text).toContain('settled by <bdi>Ada</bdi>: <bdi>A misprint.</bdi>')
  })

  test('is about one agreement at a time: the others stay contested', async () => {
    const [one, other] = [await enter(), await enter()]
    const id = await recordAbout(`${one} ${other}`)
    expect([await contested(one), await contested(other)]).toEqual([true, true])
    await decided(id, 'settle', { agreement: one })
    expect([await contested(one), await contested(other)]).toEqual([false, true])
    const { text } = await desk.ada.get(`/claims/${id}`).expect(200)
    expect(text).toMatch(new RegExp(`action="/claims/${id}/settle"[\\s\\S]*?value="${other}"[\\s\\S]*?</form>`))
    await decided(id, 'settle', { agreement: other })
    desk.app.clock.set('2026-11-25T08:00:01.000Z')
    await decided(id, 'reopen', { agreement: [one, other] })
    expect([await contested(one), await contested(other)]).toEqual([true, true])
    desk.app.clock.set('2026-11-25T08:00:02.000Z')
    await decided(id, 'withdraw')
    expect([await contested(one), await contested(other)]).toEqual([false, false])
  })

  test.each([
    ['without a reason', { reason: '  ' }, 'Say why'],
    ['about no agreement', { agreement: [] }, 'Choose the agreements'],
    ['about another agreement', { agreement: 'RUS-SYR-2019-1' }, 'The claim is not about RUS-SYR-2019-1'],
    ['about nonsense', { agreement: '<b>' }, 'The claim is not about &lt;b&gt;'],
    ['without saying what it was opened with', { seen: '' }, 'open the form again'],
    ['with a field that is none', { colour: 'red' }, 'Unknown field colour'],
  ])('%s is a 422 that keeps what was typed', async (_how, more, message) => {
    const reference = await enter()
    const id = await record(reference)
    const revision = await desk.app.context.db.revision()
    const fields = { reason: 'My long reason.', seen: await opened(id), agreement: reference, ...more }
    const { text } = await decide(id, 'settle', fields).expect(422)
    expect(text).toContain(message)
    expect(text).toMatch(/<details class="decision" open><summary>Settle<\/summary>/)
    if (!('reason' in more)) expect(text).toContain('>My long reason.</textarea>')
    else expect(text).toContain('<a href="#reason-settle">')
    expect(leadingNowhere(text)).toEqual([])
    expect(await desk.app.context.db.revision()).toBe(revision)
  })

  /** Ada settles a claim that Boris settled while her form was open. */
  async function comeSecond() {
    const agreement = await enter()
    const id = await record(agreement)
    const [mine, theirs] = [await opened(id), await opened(id, desk.boris)]
    await decide(id, 'settle', { reason: 'Boris was faster.', seen: theirs, agreement }, desk.boris).expect(303)
    const { text } = await decide(id, 'settle', { reason: 'My long reason.', seen: mine, agreement }).expect(409)
    return { id, text }
  }

  test('whoever comes second gets a 409 that says what the first one did', async () => {
    const { id, text } = await comeSecond()
    expect(text).toContain('Boris was first: settled the claim')
    expect(text).toContain('Boris was faster.')
    expect(await historyOf(id)).toHaveLength(2)
  })

  test('whoever comes second keeps what was typed, though there is nothing left to settle', async () => {
    const { text } = await comeSecond()
    expect(text).toContain('My long reason.')
  })

  test('whoever settles what was withdrawn meanwhile keeps what was typed', async () => {
    const reference = await enter()
    const id = await record(reference)
    const mine = await opened(id)
    await decided(id, 'withdraw', { reason: 'Nobody said so.' })
    const { text } = await decide(id, 'settle', { reason: 'My long reason.', seen: mine, agreement: reference }).expect(
      409,
    )
    expect(text).toContain('withdrew the claim')
    expect(text).toContain('My long reason.')
  })

  test('of a claim about two, whoever comes second can go on where something is left', async () => {
    const [one, other] = [await enter(), await enter()]
    const id = await recordAbout(`${one}\n${other}`)
    const mine = await opened(id)
    await decide(
      id,
      'settle',
      { reason: 'First.', seen: await opened(id, desk.boris), agreement: one },
      desk.boris,
    ).expect(303)
    const { text } = await decide(id, 'settle', { reason: 'My long reason.', seen: mine, agreement: other }).expect(409)
    expect(text).toContain('>My long reason.</textarea>')
    expect(text).toMatch(new RegExp(`name="agreement" value="${other}" checked`))
    const seen = seenIn(text)
    await decide(id, 'settle', { reason: 'My long reason.', seen, agreement: other }).expect(303)
  })

  test('of two at the very same time one is recorded and one is told', async () => {
    const reference = await enter()
    const id = await record(reference)
    const seen = await opened(id)
    const answers = await Promise.all(
      [desk.ada, desk.boris].map((agent) =>
        decide(id, 'settle', { reason: 'Now.', seen, agreement: reference }, agent),
      ),
    )
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409])
    expect(await read().selectFrom('claim_settlements').selectAll().where('claim_id', '=', id).execute()).toHaveLength(
      1,
    )
  })

  test('what is settled already is not settled again, and what is open is not reopened', async () => {
    const reference = await enter()
    const id = await record(reference)
    const fields = { reason: 'Once more.', agreement: reference }
    expect((await decide(id, 'reopen', { ...fields, seen: await opened(id) }).expect(422)).text).toContain(
      'It is not settled',
    )
    await decided(id, 'settle', { agreement: reference })
    expect((await decide(id, 'settle', { ...fields, seen: await opened(id) }).expect(422)).text).toContain(
      'It is settled',
    )
  })

  test('the page of a refused decision leads to pages that are there', async () => {
    const reference = await enter()
    const id = await record(reference)
    const { text } = await decide(id, 'settle', { reason: '', seen: await opened(id), agreement: reference }).expect(
      422,
    )
    for (const [, action = ''] of text.matchAll(/<form\b[^>]*action="([^"]+)"[^>]*method="get"/g))
      await desk.ada.get(action).expect(200)
  })
})

test('what settles a statement settles those who repeat it, and reopens them', async () => {
  const reference = await enter()
  const original = await record(reference)
  const copy = await record(reference, { repeats: String(original) })
  const elsewhere = await enter()
  const contested = async (one: string) => (await row(one)).contested
  const other = await record(elsewhere)
  expect([await contested(reference), await contested(elsewhere)]).toEqual([1, 1])
  await decided(copy, 'settle', { agreement: reference, reason: 'Weighed.' })
  expect([await contested(reference), await contested(elsewhere)]).toEqual([0, 1])
  const kinds = async (id: number) => (await historyOf(id)).map(({ kind }) => kind)
  expect(await kinds(original)).toEqual(['claim_added', 'claim_settled'])
  await decided(original, 'reopen', { agreement: reference, reason: 'Not yet.' })
  expect(await contested(reference)).toBe(1)
  expect(await kinds(copy)).toEqual(['claim_added', 'claim_tied', 'claim_settled', 'claim_reopened'])
  expect(await kinds(other)).toEqual(['claim_added'])
})

describe('on a machine whose clock was put back, so that all is recorded at one instant', () => {
  /** A register of its own, in which what follows is recorded at the instant of its newest entry. */
  async function putBack() {
    const own = await testApp()
    const eve = await own.logIn('analyst', 'Eve')
    const agreement = await enterAgreement(eve)
    const address = `/agreements/${agreement}`
    const { headers: added } = await eve.post(`${address}/claims`).type('form').send(claimForm()).expect(303)
    const id = added['location']?.split('-').at(-1) ?? ''
    own.clock.set('2026-11-20T00:00:00.000Z')
    const go = async (verb: string) => {
      const { text } = await eve.get(`/claims/${id}`).expect(200)
      const about = verb === 'withdraw' ? {} : { agreement }
      return eve
        .post(`/claims/${id}/${verb}`)
        .type('form')
        .send({ reason: 'So.', seen: seenIn(text), ...about })
    }
    return { own, eve, address, go }
  }

  test('a claim can be settled, reopened and settled again', async () => {
    const { own, eve, address, go } = await putBack()
    for (const verb of ['settle', 'reopen', 'settle', 'reopen']) expect((await go(verb)).status, verb).toBe(303)
    expect((await eve.get(address)).text).toContain('>contests<')
    expect(own.errors).toEqual([])
  })

  test('the register still follows from its history', async () => {
    const { own, go } = await putBack()
    own.clock.set('2026-11-23T13:00:00.000Z')
    expect((await go('settle')).status).toBe(303)
    own.clock.set('2026-11-23T14:00:00.000Z')
    expect((await go('reopen')).status).toBe(303)
    own.clock.set('2026-11-20T00:00:00.000Z')
    expect((await go('withdraw')).status).toBe(303)
    expect(await verified(own)).toContain('all follow from the history')
  })
})
