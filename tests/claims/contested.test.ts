import { describe, expect, test } from 'vitest'
import { statusForm } from '../support/forms.ts'
import { openDesk, verifyInTheEnd } from '../support/desk.ts'
import { claimsAt } from './claims.ts'

const desk = openDesk()
verifyInTheEnd(desk)
const { row, csv, enter, record, decided, contested } = claimsAt(desk)

describe('what contests', () => {
  test('is a claim that contradicts the position, until it is settled, again once reopened, and not once withdrawn', async () => {
    const reference = await enter()
    expect(await contested(reference)).toBe(false)
    const id = await record(reference)
    expect(await contested(reference)).toBe(true)
    await decided(id, 'settle', { agreement: reference })
    expect(await contested(reference)).toBe(false)
    desk.app.clock.set('2026-11-24T08:00:01.000Z')
    await decided(id, 'reopen', { agreement: reference })
    expect(await contested(reference)).toBe(true)
    desk.app.clock.set('2026-11-24T08:00:02.000Z')
    await decided(id, 'withdraw')
    expect(await contested(reference)).toBe(false)
    expect(await row(reference)).toMatchObject({ status: 'active', version: 1 })
  })

  test.each([
    ['denies the status', { stance: 'denies', status: 'active', effective_on: '' }, true],
    [
      'denies the status that it says was meant',
      { stance: 'denies', status: 'active', said_on: '2019', effective_on: '2020' },
      true,
    ],
    [
      'denied the status before it began',
      { stance: 'denies', status: 'active', said_on: '2019', effective_on: '' },
      false,
    ],
    ['denies the status on no day', { stance: 'denies', status: 'active', said_on: '', effective_on: '' }, true],
    ['denies another status', { stance: 'denies', status: 'annulled' }, false],
    ['declines to confirm the status', { stance: 'declines', status: 'active' }, false],
    ['says the same status', { status: 'active', means: 'amended' }, false],
    ['says another one from an earlier day', { effective_on: '2019-12-31' }, false],
    ['says another one from the same day', { effective_on: '2020-01-01' }, false],
    ['says another one from the day after', { effective_on: '2020-01-02' }, true],
    ['says another one without a day of effect, later', { effective_on: '', said_on: '2020-01-02' }, true],
    ['says another one without a day of effect, on the same day', { effective_on: '', said_on: '2020-01-01' }, false],
    ['says another one on no day', { effective_on: '', said_on: '' }, false],
  ])('a claim that %s', async (_what, more, expected) => {
    const reference = await enter()
    await record(reference, more)
    expect(await contested(reference)).toBe(expected)
  })

  test('“active” does not contradict “under review”', async () => {
    const reference = await enter({ status: 'under_review', means: 'joint_review' })
    await record(reference, { status: 'active', means: 'in_force' })
    expect(await contested(reference)).toBe(false)
    await record(reference, { status: 'annulled' })
    expect(await contested(reference)).toBe(true)
  })

  test('ends when the register takes the position that was claimed', async () => {
    const reference = await enter()
    const id = await record(reference)
    const { version } = await row(reference)
    const move = { status: 'annulled', means: 'terminated', effective_on: '2026-10-01', claim: String(id) }
    await desk.ada
      .post(`/agreements/${reference}/status`)
      .type('form')
      .send(statusForm({ ...move, version: String(version) }))
      .expect(303)
    expect(await contested(reference)).toBe(false)
    expect((await desk.app.reader.get(`/claims/${id}`)).text).toContain('Positions that rest on it')
  })

  test('begins on the day on which it was said: as of the day before it was not contested', async () => {
    const reference = await enter()
    await record(reference, { said_on: '2026-10-15', effective_on: '2026-10-01' })
    const on = async (day: string) => (await csv(`?q=${reference}&as_of=${day}`))[0]?.['contested']
    expect(await on('2026-10-14')).toBe('no')
    expect(await on('2026-10-15')).toBe('yes')
    const { text } = await desk.app.reader.get(`/agreements/${reference}?as_of=2026-10-14`).expect(200)
    expect(text).not.toContain('>contests<')
  })

  test('what is said on a day to come contests from that day on, in the evidence as on the list', async () => {
    const reference = await enter()
    await record(reference, { said_on: '2027-03-01' })
    expect(await contested(reference)).toBe(false)
    expect((await csv(`?q=${reference}&as_of=2027-03-01`))[0]?.['contested']).toBe('yes')
  })

  test('as known before the claim was recorded nobody contested it', async () => {
    desk.app.clock.set('2026-11-24T09:00:00.000Z')
    const reference = await enter()
    desk.app.clock.set('2026-11-24T10:00:00.000Z')
    const id = await record(reference)
    desk.app.clock.set('2026-11-24T11:00:00.000Z')
    await decided(id, 'settle', { agreement: reference })
    desk.app.clock.set('2026-11-24T12:00:00.000Z')
    const known = async (at: string) => (await csv(`?q=${reference}&known_at=2026-11-24T${at}:00Z`))[0]?.['contested']
    expect([await known('09:30'), await known('10:30'), await known('11:30')]).toEqual(['no', 'yes', 'no'])
    const { text: before } = await desk.app.reader
      .get(`/agreements/${reference}?known_at=2026-11-24T09:30:00Z`)
      .expect(200)
    expect(before).toContain('Nobody’s claim is recorded yet')
    await desk.app.reader.get(`/claims/${id}?known_at=2026-11-24T09:30:00Z`).expect(404)
    const { text: open } = await desk.app.reader.get(`/claims/${id}?known_at=2026-11-24T10:30:00Z`).expect(200)
    expect(open).not.toContain('settled by')
  })
})

describe('the page of a claim as of a day', () => {
  test('says how its agreements stood then, not how they stand now', async () => {
    const reference = await enter()
    const id = await record(reference)
    const move = { status: 'annulled', means: 'terminated', claim: String(id), version: '1' }
    await desk.ada.post(`/agreements/${reference}/status`).type('form').send(statusForm(move)).expect(303)
    const stands = async (query: string) =>
      /data-label="Stands">(.*?)<\/td>/.exec((await desk.app.reader.get(`/claims/${id}${query}`).expect(200)).text)?.[1]
    expect(await stands('')).toContain('Annulled')
    expect(await stands('?as_of=2026-10-15')).toContain('Active')
  })
})
