import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyValue, encoded } from '../support/any-shape.ts'
import { agreementForm } from '../support/forms.ts'
import { verified } from '../support/verified.ts'
import { openDesk } from '../support/desk.ts'
import { positionsAt } from './positions.ts'

const desk = openDesk()
const { positionsOf, newest, listed, enter, opened, send, correct } = positionsAt(desk)

describe('two analysts', () => {
  test('who correct the same position: the second gets a 409 that says what the first one did, and keeps what was typed', async () => {
    const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
    const id = await newest(reference)
    const [mine, theirs] = [await opened(reference, id), await opened(reference, id, desk.boris)]
    await send(reference, id, { ...theirs, effective_on: '2026-05', reason: 'Boris was faster.' }, desk.boris).expect(
      303,
    )
    const { status, text } = await send(reference, id, { ...mine, effective_on: '2026-04', reason: 'My long reason.' })
    expect(status).toBe(409)
    expect(text).toContain('My long reason.')
    expect(text).toContain('<bdi>Boris</bdi>')
    expect(await listed(reference)).toBe('under_review joint_review 2026-05')
  })

  test('of whom one changed something else: the second gets a 409, keeps what was typed and can send it again', async () => {
    const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
    const id = await newest(reference)
    const mine = await opened(reference, id)
    const edit = agreementForm({ lead: 'Boris', version: '2' })
    await desk.boris.post(`/agreements/${reference}/edit`).type('form').send(edit).expect(303)
    const typed = { ...mine, effective_on: '2026-04', reason: 'My long reason.' }
    const { text } = await send(reference, id, typed).expect(409)
    expect(text).toContain('My long reason.')
    expect(text).toContain('value="2026-04"')
    const version = / name="version" value="(\d+)"/.exec(text)?.[1] ?? ''
    expect(version).toBe('3')
    await send(reference, id, { ...typed, version }).expect(303)
    expect(await listed(reference)).toBe('under_review joint_review 2026-04')
  })

  test('of whom one changed something else: the second is told what the first one did', async () => {
    const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
    const id = await newest(reference)
    const mine = await opened(reference, id)
    const edit = agreementForm({ lead: 'Boris', version: '2' })
    await desk.boris.post(`/agreements/${reference}/edit`).type('form').send(edit).expect(303)
    const { text } = await send(reference, id, { ...mine, effective_on: '2026-04' }).expect(409)
    expect(text).toContain('edited lead')
  })

  test('at the very same time: one is recorded', async () => {
    const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
    const id = await newest(reference)
    const fields = await opened(reference, id)
    const answers = await Promise.all([
      send(reference, id, { ...fields, effective_on: '2026-05' }),
      send(reference, id, { ...fields, effective_on: '2026-04' }, desk.boris),
    ])
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
    expect(await positionsOf(reference)).toHaveLength(3)
  })
})

describe('who may correct', () => {
  test('a reader is asked to log in, and no form is offered', async () => {
    const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
    const id = await newest(reference)
    const path = `/agreements/${reference}/positions/${id}/correct`
    await desk.app.reader
      .get(path)
      .expect(303)
      .expect('Location', `/login?next=${encodeURIComponent(path)}`)
    await desk.app.reader.post(path).type('form').send({}).expect(401)
    expect((await desk.app.reader.get(`/agreements/${reference}`)).text).not.toContain(path)
    expect((await desk.ada.get(`/agreements/${reference}`)).text).toContain(path)
    const reader = await desk.app.logIn('reader')
    await reader.get(path).expect(403)
    await reader.post(path).type('form').send({}).expect(403)
    expect(await positionsOf(reference)).toHaveLength(2)
  })

  test('not another site', async () => {
    const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
    const id = await newest(reference)
    const fields = { ...(await opened(reference, id)), effective_on: '2026-05' }
    await send(reference, id, fields).set('Sec-Fetch-Site', 'cross-site').expect(403)
    await send(reference, id, fields).set('Origin', 'https://evil.example').expect(403)
    expect(await positionsOf(reference)).toHaveLength(2)
  })

  test('nobody in the past', async () => {
    const reference = await enter()
    const path = `/agreements/${reference}/positions/${await newest(reference)}/correct`
    expect((await desk.ada.get(`${path}?as_of=2025`).expect(400)).text).toContain('does not go with a form')
    expect((await desk.ada.get(`${path}?known_at=2026-11-23`).expect(400)).text).toContain('does not go with a form')
  })
})

test('markup that was typed is shown as text', async () => {
  const nasty = '<img src=x onerror=alert(1)>"\'&'
  const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
  const id = await newest(reference)
  const typed = {
    effective_on: nasty,
    reason: nasty,
    source_title: nasty,
    source_url: nasty,
    claim: nasty,
    confirm: nasty,
  }
  const { text } = await send(reference, id, { ...(await opened(reference, id)), ...typed }).expect(422)
  expect(text).not.toContain('<img src=x')
  await correct(reference, { effective_on: '2026-05', reason: nasty, source_title: nasty })
  for (const path of ['', '/history', '/status', `/positions/${await newest(reference)}/correct`])
    expect((await desk.ada.get(`/agreements/${reference}${path}`).expect(200)).text, path).not.toContain('<img src=x')
})

test('a form of any shape is answered, and never by a 500', async () => {
  const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
  const fields = [
    'status',
    'means',
    'effective_on',
    'reason',
    'claim',
    'source_title',
    'source_url',
    'version',
    'confirm',
    '__proto__',
    '',
  ]
  const value = anyValue(
    'active',
    'under_review',
    'suspended',
    '2026',
    '2026-02-30',
    '2099',
    '9'.repeat(400),
    '2',
    'yes',
    '<script>alert(1)</script>',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...fields), value), { maxLength: 12 }), async (pairs) => {
      desk.app.clock.set(new Date(desk.app.clock.now().getTime() + 1000).toISOString())
      const body = encoded(pairs)
      const path = `/agreements/${reference}/positions/${await newest(reference)}/correct`
      const { status, text } = await desk.ada.post(path).type('form').send(body)
      expect([303, 409, 422]).toContain(status)
      expect(text).not.toContain('<script>alert(1)</script>')
    }),
    { numRuns: 80 },
  )
})

test('after all of this the register follows from its history, and nothing went wrong', async () => {
  expect(await verified(desk.app)).toContain('all follow from the history')
  expect(desk.app.errors).toEqual([])
})
