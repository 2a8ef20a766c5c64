import { describe, expect, test } from 'vitest'
import { openDesk, verifyInTheEnd } from '../support/desk.ts'
import { claimsAt } from './claims.ts'

const desk = openDesk()
verifyInTheEnd(desk)
const { read, enter, send, record, opened, decide, decided, historyOf } = claimsAt(desk)

describe('ties', () => {
  const ties = () =>
    read().selectFrom('claim_ties').select(['claim_id', 'statement_id']).where('known_to', '>', '9').execute()
  const statementOf = async (id: number) => (await ties()).find(({ claim_id }) => claim_id === id)?.statement_id ?? id
  const counted = async (reference: string) =>
    /<h2 id="evidence">.*?<span class="quiet">([^<]+)</.exec(
      (await desk.app.reader.get(`/agreements/${reference}/claims`)).text,
    )?.[1]

  test('copies count once, are shown under their original, and the history says so', async () => {
    const reference = await enter()
    const original = await record(reference)
    const copy = await record(reference, { asserted_by: 'A news agency' })
    expect(await counted(reference)).toBe('2 claims, 2 statements, 2 against')
    await decided(copy, 'tie', { repeats: String(original), reason: 'Word for word.' })
    expect(await counted(reference)).toBe('2 claims, 1 statement, 1 against')
    const { text } = await desk.app.reader.get(`/agreements/${reference}`).expect(200)
    expect(text).toContain('<span class="quiet">repeated by</span> <b dir="auto">A news agency</b>')
    expect((await desk.app.reader.get(`/claims/${copy}`)).text).toContain(
      `<dt>Repeats</dt><dd><a href="/claims/${original}">`,
    )
    expect((await desk.app.reader.get(`/claims/${original}`)).text).toContain(
      `<dt>Repeated by</dt><dd><p><a href="/claims/${copy}">`,
    )
    expect((await historyOf(copy)).at(-1)).toMatchObject({
      kind: 'claim_tied',
      reason: 'Word for word.',
      after: { repeats: original },
    })
  })

  test('can be made while a claim is recorded', async () => {
    const reference = await enter()
    const original = await record(reference)
    const copy = await record(reference, { repeats: String(original) })
    expect(await statementOf(copy)).toBe(original)
    expect((await historyOf(copy)).map(({ kind }) => kind)).toEqual(['claim_added', 'claim_tied'])
    expect(await counted(reference)).toBe('2 claims, 1 statement, 1 against')
  })

  test('that cannot be made while a claim is recorded leaves neither claim nor source behind', async () => {
    const [reference, elsewhere] = [await enter(), await enter()]
    const other = await record(elsewhere)
    const revision = await desk.app.context.db.revision()
    const { text } = await send(reference, { repeats: String(other), note: 'What I typed stays.' }).expect(422)
    expect(text).toContain(`Claim ${other} is about other agreements`)
    expect(text).toContain('What I typed stays.')
    expect(text).toContain(`value="${other}"`)
    expect(await desk.app.context.db.revision()).toBe(revision)
  })

  test('a copy of a copy repeats the original', async () => {
    const reference = await enter()
    const [one, two, three] = [await record(reference), await record(reference), await record(reference)]
    await decided(two, 'tie', { repeats: String(one) })
    await decided(three, 'tie', { repeats: String(two) })
    expect(await statementOf(three)).toBe(one)
    expect(await counted(reference)).toBe('3 claims, 1 statement, 1 against')
  })

  test('copies follow their original when it turns out to be a copy itself', async () => {
    const reference = await enter()
    const [one, two, three] = [await record(reference), await record(reference), await record(reference)]
    await decided(three, 'tie', { repeats: String(two) })
    await decided(two, 'tie', { repeats: String(one) })
    expect([await statementOf(two), await statementOf(three)]).toEqual([one, one])
  })

  test('a claim cannot be tied to itself, in a ring, to what says something else, or to what is not there', async () => {
    const [reference, elsewhere] = [await enter(), await enter()]
    const id = await record(reference)
    const copy = await record(reference, { repeats: String(id) })
    const withdrawn = await record(reference)
    await decided(withdrawn, 'withdraw')
    const refused: [string, string][] = [
      [String(id), 'A claim cannot repeat itself'],
      [String(copy), `Claim ${copy} repeats this one already`],
      [String(await record(reference, { status: 'reassigned' })), 'says something else'],
      [String(await record(reference, { stance: 'denies' })), 'says something else'],
      [String(await record(elsewhere)), 'is about other agreements'],
      [String(withdrawn), `There is no claim ${withdrawn} that stands`],
      ['999999', 'There is no claim 999999 that stands'],
      ['9'.repeat(30), 'is not a claim'],
      ['x', '“x” is not a claim'],
      ['', 'Give the number of the claim'],
    ]
    const revision = await desk.app.context.db.revision()
    for (const [repeats, message] of refused) {
      const { text } = await decide(id, 'tie', { reason: 'My long reason.', seen: await opened(id), repeats }).expect(
        422,
      )
      expect(text, repeats).toContain(message)
      expect(text).toContain('<a href="#repeats">')
      expect(text).toContain('>My long reason.</textarea>')
    }
    expect(await desk.app.context.db.revision()).toBe(revision)
    const again = { reason: 'Again.', seen: await opened(copy), repeats: String(id) }
    expect((await decide(copy, 'tie', again).expect(422)).text).toContain(`It is tied to claim ${id} already`)
  })

  test('a tie is let go again, with a reason; what was known before keeps it', async () => {
    desk.app.clock.set('2026-11-26T10:00:00.000Z')
    const reference = await enter()
    const original = await record(reference)
    const copy = await record(reference, { repeats: String(original) })
    desk.app.clock.set('2026-11-26T12:00:00.000Z')
    await decided(copy, 'untie', { reason: 'He was there himself.' })
    expect(await statementOf(copy)).toBe(copy)
    expect(await counted(reference)).toBe('2 claims, 2 statements, 2 against')
    expect((await historyOf(copy)).at(-1)).toMatchObject({ kind: 'claim_untied', reason: 'He was there himself.' })
    const { text } = await desk.app.reader
      .get(`/agreements/${reference}/claims?known_at=2026-11-26T11:00:00Z`)
      .expect(200)
    expect(text).toContain('2 claims, 1 statement')
    const nothing = { reason: 'x', seen: await opened(copy) }
    expect((await decide(copy, 'untie', nothing).expect(422)).text).toContain('It repeats no other claim')
  })

  test('when the original is withdrawn its first copy stands for the statement', async () => {
    const reference = await enter()
    const original = await record(reference)
    const copies = [
      await record(reference, { repeats: String(original) }),
      await record(reference, { repeats: String(original) }),
      await record(reference, { repeats: String(original) }),
    ]
    await decided(original, 'withdraw')
    expect(await Promise.all(copies.map(statementOf))).toEqual([copies[0], copies[0], copies[0]])
    expect(await counted(reference)).toBe('3 claims, 1 statement, 1 against')
    expect((await ties()).some((tie) => tie.statement_id === original || tie.claim_id === original)).toBe(false)
  })

  test('whoever ties what was tied meanwhile is told, and keeps what was typed', async () => {
    const reference = await enter()
    const [one, two] = [await record(reference), await record(reference)]
    const mine = await opened(two)
    await decide(
      two,
      'tie',
      { reason: 'First.', seen: await opened(two, desk.boris), repeats: String(one) },
      desk.boris,
    ).expect(303)
    const { text } = await decide(two, 'tie', { reason: 'My long reason.', seen: mine, repeats: String(one) }).expect(
      409,
    )
    expect(text).toContain('Boris was first: tied the claim')
    expect(text).toContain('>My long reason.</textarea>')
    expect(text).toContain(`value="${one}"`)
  })
})
