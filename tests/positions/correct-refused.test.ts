import { describe, expect, test } from 'vitest'
import { bringIntoEffect } from '../../src/positions/take-effect.ts'
import { agreementForm, leadingNowhere, statusForm } from '../support/forms.ts'
import { testApp } from '../support/test-app.ts'
import { verified } from '../support/verified.ts'
import { openDesk, verifyInTheEnd } from '../support/desk.ts'
import { positionsAt } from './positions.ts'

const desk = openDesk()
verifyInTheEnd(desk)
const { positionsOf, newest, listed, enter, opened, send } = positionsAt(desk)

describe('a correction is refused', () => {
  test.each([
    ['status', { status: 'lost' }, '“lost” is not a status'],
    ['status', { status: '' }, 'Choose a status'],
    ['means', { means: 'denounced' }, 'denounced is not a means of Under review'],
    ['effective_on', { effective_on: '' }, 'Give the day since which it is so'],
    ['effective_on', { effective_on: '2026-02-30' }, '“2026-02-30” is not a date'],
    ['reason', { reason: '  ' }, 'Say what was wrong'],
    ['claim', { claim: 'x' }, '“x” is not a claim'],
    ['claim', { claim: '1' }, 'Claim 1 is not about'],
    ['claim', { claim: '999999' }, 'Claim 999999 is not about'],
    ['source_url', { source_url: 'javascript:alert(1)' }, 'is not a web address'],
    ['source_title', { source_published_on: '2026' }, 'Give the source’s title, publisher or address'],
    ['', { version: '' }, 'open the form again'],
    ['', { colour: 'red' }, 'Unknown field colour'],
  ])('for a wrong %s, with everything typed', async (field, more, message) => {
    const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
    const id = await newest(reference)
    const revision = await desk.app.context.db.revision()
    const typed = { source_publisher: '', reason: 'What I typed stays.', effective_on: '2026-05' }
    const { text } = await send(reference, id, { ...(await opened(reference, id)), ...typed, ...more }).expect(422)
    expect(text).toContain('<title>Error: ')
    expect(text).toContain(message)
    if (!('reason' in more)) expect(text).toContain('What I typed stays.')
    if (field !== '') expect(text).toContain(`<a href="#${field}">`)
    expect(await desk.app.context.db.revision()).toBe(revision)
  })

  test('by a summary that leads to the fields, also where there is no claim to choose from', async () => {
    const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
    const id = await newest(reference)
    const wrong = { status: '', means: 'lost', effective_on: '', reason: '', claim: 'x', source_url: 'x' }
    const { text } = await send(reference, id, { ...(await opened(reference, id)), ...wrong }).expect(422)
    expect(leadingNowhere(text)).toEqual([])
  })

  test('when it says what the position says', async () => {
    const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
    const id = await newest(reference)
    const { text } = await send(reference, id, await opened(reference, id)).expect(422)
    expect(text).toContain('It says what the position says already')
    expect(await positionsOf(reference)).toHaveLength(2)
  })

  test('when the workflow has no such move from the position before', async () => {
    const reference = await enter(['reassigned', 're_awarded', '2025-06'], ['under_review', '', '2026-06-01'])
    const id = await newest(reference)
    const fields = { ...(await opened(reference, id)), status: 'active', means: 'confirmed' }
    const { text } = await send(reference, id, fields).expect(422)
    expect(text).toContain('Active could not follow Reassigned from Jun 2025.')
    expect(text).toContain('From Reassigned it can become Under review (Reopen), Annulled (Annul)')
  })

  test('when the position after it could not follow', async () => {
    const reference = await enter(['under_review', 'joint_review', '2025-06'], ['active', 'confirmed', '2026-06'])
    const [, middle] = await positionsOf(reference)
    const id = middle?.id ?? 0
    const fields = { ...(await opened(reference, id)), status: 'reassigned', means: 'assigned' }
    const { text } = await send(reference, id, fields).expect(422)
    expect(text).toContain('Active from Jun 2026 could not follow it.')
  })

  test('when those that it stood between could not follow each other', async () => {
    const reference = await enter(
      ['reassigned', 're_awarded', '2023'],
      ['under_review', 'joint_review', '2024'],
      ['active', 'reinstated', '2025'],
    )
    const review = (await positionsOf(reference))[2]?.id ?? 0
    const fields = { ...(await opened(reference, review)), effective_on: '2026-03' }
    const { text } = await send(reference, review, fields).expect(422)
    expect(text).toContain('could not follow')
    expect(await listed(reference, '&as_of=2025-06')).toBe('active reinstated 2025')
  })

  test('but not while another position of the same day stands between those', async () => {
    const reference = await enter(
      ['reassigned', 're_awarded', '2023'],
      ['under_review', 'joint_review', '2024-06'],
      ['under_review', 'suspended', '2024-06'],
      ['active', 'reinstated', '2025'],
    )
    const review = (await positionsOf(reference))[2]?.id ?? 0
    await send(reference, review, { ...(await opened(reference, review)), effective_on: '2024-05' }).expect(303)
    expect(await listed(reference, '&as_of=2024-05')).toBe('under_review joint_review 2024-05')
    expect(await listed(reference, '&as_of=2024-06')).toBe('under_review suspended 2024-06')
  })

  test('when it annuls without any evidence, which the workflow asks for', async () => {
    const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
    const id = await newest(reference)
    const fields = { ...(await opened(reference, id)), status: 'annulled', means: 'terminated' }
    const { text } = await send(reference, id, fields).expect(422)
    expect(text).toContain('<a href="#claim">')
    await send(reference, id, { ...fields, source_title: 'Gazette 13' }).expect(303)
  })

  test('when it reassigns while nobody is named who takes over', async () => {
    const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
    const id = await newest(reference)
    const changed = { status: 'reassigned', means: 'assigned', source_title: 'Gazette 14' }
    const fields = { ...(await opened(reference, id)), ...changed }
    const { text } = await send(reference, id, fields).expect(422)
    expect(text).toContain('takes over')
    const relation = { relation_kind: ['reassigned_to'], relation_reference: ['ARE-SYR-2025-2'] }
    const edit = agreementForm({ ...relation, version: '2' })
    await desk.ada.post(`/agreements/${reference}/edit`).type('form').send(edit).expect(303)
    await send(reference, id, { ...fields, version: '3' }).expect(303)
    expect(await listed(reference)).toBe('reassigned assigned 2026-06-01')
  })

  test('for a day to come until it is confirmed; then it takes effect on that day', async () => {
    const own = await testApp({ seeds: true })
    const eve = await own.logIn('analyst', 'Eve')
    const { headers } = await eve
      .post('/agreements')
      .type('form')
      .send(agreementForm({ status: 'active', status_since: '2020' }))
      .expect(303)
    const address = headers['location'] ?? ''
    await eve.post(`${address}/status`).type('form').send(statusForm()).expect(303)
    const { id } = await own.context.db.read
      .selectFrom('positions')
      .select('id')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    const fields = {
      status: 'under_review',
      means: 'joint_review',
      effective_on: '2027-01',
      reason: 'A year out.',
      version: '2',
    }
    const correcting = () => eve.post(`${address}/positions/${id}/correct`).type('form')
    const { text } = await correcting().send(fields).expect(422)
    expect(text).toContain('Jan 2027 is in the future')
    expect(text).toContain('name="confirm" value="yes"')
    expect(text).toContain('A year out.')
    await correcting()
      .send({ ...fields, confirm: 'yes' })
      .expect(303)
    const standing = async () =>
      /<p class="standing">([\s\S]*?)<\/p>/.exec((await eve.get(address).expect(200)).text)?.[1]
    expect(await standing()).toContain('with effect from 2020')
    own.clock.set('2027-01-01T00:10:00.000Z')
    expect(await bringIntoEffect(own.context)).toBe(1)
    expect(await standing()).toContain('joint review, with effect from Jan 2027')
    expect(await verified(own)).toContain('all follow from the history')
  })
})

test('a position that is not there, or another agreement’s, is a 404', async () => {
  const [reference, other] = [await enter(), await enter()]
  const foreign = await newest(other)
  for (const id of ['0', '-1', 'x', '999999', '9'.repeat(30), '%00', String(foreign)]) {
    const path = `/agreements/${reference}/positions/${id}/correct`
    await desk.ada.get(path).expect(404)
    const fields = { status: 'active', means: 'amended', effective_on: '2021', reason: 'x', version: '1' }
    await desk.ada.post(path).type('form').send(fields).expect(404)
    await desk.ada.post(path).type('form').send({}).expect(404)
  }
  await desk.ada.get(`/agreements/RUS-SYR-1900-1/positions/${foreign}/correct`).expect(404)
})
