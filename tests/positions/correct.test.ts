import { describe, expect, test } from 'vitest'
import { openDesk, verifyInTheEnd } from '../support/desk.ts'
import { positionsAt } from './positions.ts'

const desk = openDesk()
verifyInTheEnd(desk)
const { read, row, positionsOf, newest, historyOf, listed, enter, opened, send, correct } = positionsAt(desk)

describe('correcting a position', () => {
  test.each([
    ['a wrong day', { effective_on: '2026-05' }, 'under_review joint_review 2026-05'],
    ['wrong means', { means: 'suspended' }, 'under_review suspended 2026-06-01'],
    ['no means at all', { means: '' }, 'under_review  2026-06-01'],
    ['a wrong status', { status: 'active', means: 'amended' }, 'active amended 2026-06-01'],
    ['all of it', { status: 'active', means: 'amended', effective_on: '2026' }, 'active amended 2026'],
  ])('of %s puts the right one in its place, and keeps the wrong one readable', async (_what, more, expected) => {
    desk.app.clock.set('2026-11-24T08:00:00.000Z')
    const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
    const wrong = await newest(reference)
    desk.app.clock.set('2026-11-24T10:00:00.000Z')
    await correct(reference, { ...more, reason: 'The gazette says otherwise.' })

    expect(await listed(reference)).toBe(expected)
    const [, old, corrected] = await positionsOf(reference)
    expect(old).toMatchObject({ id: wrong, superseded_at: '2026-11-24T10:00:00.000Z', effective_on: '2026-06-01' })
    expect(corrected).toMatchObject({ corrects_id: wrong, superseded_at: null, reason: 'The gazette says otherwise.' })
    const history = await historyOf(reference)
    const change = history.at(-1)
    expect(change).toMatchObject({
      kind: 'position_corrected',
      version: 3,
      reason: 'The gazette says otherwise.',
      before: { position: { status: 'under_review', means: 'joint_review', effective_on: '2026-06-01' } },
      after: { corrects: history.at(-2)?.id, effective_on: corrected?.effective_on },
    })
    expect(await row(reference)).toMatchObject({ version: 3 })

    const { text } = await desk.app.reader.get(`/agreements/${reference}`).expect(200)
    expect(text).toContain(`in the place of Under review (joint review) from 1 Jun 2026 (change ${history.at(-2)?.id})`)
    const { text: told } = await desk.app.reader.get(`/agreements/${reference}/history`).expect(200)
    expect(told).toContain('corrected the position Under review (joint review) from 1 Jun 2026: it is ')
    expect(told).toContain('Why: The gazette says otherwise.')
  })

  test('is followed by what stood as of a day; as known before it the error still stands', async () => {
    desk.app.clock.set('2026-11-24T12:00:00.000Z')
    const reference = await enter(['annulled', 'terminated', '2026-06-01'])
    desk.app.clock.set('2026-11-24T14:00:00.000Z')
    await correct(reference, { effective_on: '2026-03-01', means: 'denounced' })
    const before = '&known_at=2026-11-24T13:00:00Z'
    expect(await listed(reference)).toBe('annulled denounced 2026-03-01')
    expect(await listed(reference, '&as_of=2026-04-01')).toBe('annulled denounced 2026-03-01')
    expect(await listed(reference, '&as_of=2026-02-28')).toBe('active in_force 2020')
    expect(await listed(reference, before)).toBe('annulled terminated 2026-06-01')
    expect(await listed(reference, `&as_of=2026-04-01${before}`)).toBe('active in_force 2020')
    expect(await listed(reference, `&as_of=2026-06-01${before}`)).toBe('annulled terminated 2026-06-01')
    const { text } = await desk.app.reader.get(`/agreements/${reference}?known_at=2026-11-24T13:00:00Z`).expect(200)
    expect(text).toContain('terminated, with effect from 1 Jun 2026')
    expect(text).not.toContain('in the place of')
    const { text: json } = await desk.app.reader.get(`/agreements.json?q=${reference}`).expect(200)
    const [{ positions }] = JSON.parse(json) as [{ positions: Record<string, unknown>[] }]
    const history = await historyOf(reference)
    expect(positions.map(({ corrects }) => corrects)).toEqual([null, history.at(-2)?.id])
  })

  test('of a position behind the one in effect leaves the status as it is', async () => {
    const reference = await enter(['under_review', 'joint_review', '2025-06'], ['active', 'confirmed', '2026-02'])
    const [, middle] = await positionsOf(reference)
    const id = middle?.id ?? 0
    await send(reference, id, { ...(await opened(reference, id)), effective_on: '2025-09' }).expect(303)
    expect(await listed(reference)).toBe('active confirmed 2026-02')
    expect(await listed(reference, '&as_of=2025-08')).toBe('active in_force 2020')
    const change = (await historyOf(reference)).at(-1)
    expect(change?.after).not.toHaveProperty('status')
    expect(change?.after).toMatchObject({
      position: { status: 'under_review', means: 'joint_review', effective_on: '2025-09' },
    })
  })

  test('of the first position moves the beginning', async () => {
    const reference = await enter()
    await correct(reference, { effective_on: '2018-03' })
    expect(await listed(reference, '&as_of=2019')).toBe('active in_force 2018-03')
    expect(await listed(reference, '&as_of=2018-02')).toBeUndefined()
  })

  test('that puts it before another one lets that one stand', async () => {
    const reference = await enter(['under_review', 'joint_review', '2025-06'], ['active', 'confirmed', '2026-02'])
    await correct(reference, { effective_on: '2025-01', means: 'amended' })
    expect(await listed(reference)).toBe('under_review joint_review 2025-06')
    expect(await listed(reference, '&as_of=2025-03')).toBe('active amended 2025-01')
  })

  test('can be corrected itself, as often as needed; each names the one before it', async () => {
    const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
    await correct(reference, { effective_on: '2026-05' })
    await correct(reference, { effective_on: '2026-04' })
    const positions = await positionsOf(reference)
    expect(positions.map(({ corrects_id }) => corrects_id)).toEqual([null, null, positions[1]?.id, positions[2]?.id])
    expect(positions.map(({ superseded_at }) => superseded_at !== null)).toEqual([false, true, true, false])
    expect(await listed(reference)).toBe('under_review joint_review 2026-04')
  })

  test('of what was corrected already is a 410 that leads on', async () => {
    const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
    const wrong = await newest(reference)
    const fields = await opened(reference, wrong)
    await correct(reference, { effective_on: '2026-05' })
    const change = (await historyOf(reference)).at(-1)
    const late = { ...fields, effective_on: '2026-04', version: '3' }
    const { text } = await send(reference, wrong, late).expect(410)
    expect(text).toContain(`corrected already, by change ${change?.id}`)
    expect(text).toContain('Correct the position that took its place')
    expect(text).toContain(`href="/agreements/${reference}"`)
    expect(await positionsOf(reference)).toHaveLength(3)
  })

  test('is not opened for what was corrected already: the page says so and leads on', async () => {
    const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
    const wrong = await newest(reference)
    await correct(reference, { effective_on: '2026-05' })
    const { text } = await desk.ada.get(`/agreements/${reference}/positions/${wrong}/correct`).expect(410)
    expect(text).toContain('corrected already')
  })

  test('keeps what the position rests on, unless somebody changes it', async () => {
    const reference = await enter(['annulled', 'terminated', '2026-06-01'])
    await correct(reference, { effective_on: '2026-05' })
    const claims = await read()
      .selectFrom('position_claims')
      .select('claim_id')
      .where('position_id', '=', await newest(reference))
      .execute()
    expect(claims).toHaveLength(1)
    expect((await desk.app.reader.get(`/agreements/${reference}`)).text).toContain('<bdi>The ministry</bdi>, in ')
  })

  test('keeps the source of a position that rests on no claim', async () => {
    const reference = 'FRA-SYR-2009-1'
    const id = await newest(reference)
    const sourceOf = async (position: number) =>
      read().selectFrom('position_sources').select('source_id').where('position_id', '=', position).execute()
    const before = await sourceOf(id)
    expect(before).toHaveLength(1)
    await correct(reference, { effective_on: '2025-05-02' })
    expect(await sourceOf(await newest(reference))).toEqual(before)
  })

  test('may bring a source of its own, which is recorded once', async () => {
    const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
    const source = { source_title: 'Errata', source_url: 'https://errata.example/1', source_published_on: '2026-11' }
    await correct(reference, { effective_on: '2026-05', ...source })
    await correct(reference, { effective_on: '2026-04', source_url: 'http://www.errata.example/1/' })
    const sources = await read().selectFrom('sources').selectAll().where('url', 'like', '%errata.example%').execute()
    expect(sources).toMatchObject([{ title: 'Errata', published_on: '2026-11' }])
    const { text } = await desk.app.reader.get(`/sources/${sources[0]?.id}`).expect(200)
    expect(text.match(/\(corrected since\)/g)).toHaveLength(1)
    expect((await historyOf(reference)).at(-1)?.after['sources']).toEqual([
      { id: sources[0]?.id, title: 'Errata', publisher: null, url: 'https://errata.example/1' },
    ])
  })
})

describe('a correction of the only position', () => {
  test('to a day to come takes the agreement off the list of today’s day until then', async () => {
    const reference = await enter()
    const id = await newest(reference)
    const fields = { ...(await opened(reference, id)), effective_on: '2028', confirm: 'yes' }
    await send(reference, id, fields).expect(303)
    expect(await listed(reference)).toBe('active in_force 2028')
    expect(await listed(reference, '&as_of=2026-11-24')).toBeUndefined()
    expect(await listed(reference, '&as_of=2028')).toBe('active in_force 2028')
    expect((await desk.app.reader.get(`/agreements/${reference}`)).text).toContain('with effect from 2028')
  })
})
