import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyValue, encoded } from '../support/any-shape.ts'
import { statusForm } from '../support/forms.ts'
import { verified } from '../support/verified.ts'
import { openDesk } from '../support/desk.ts'
import { editsAt } from './edits.ts'

const desk = openDesk()
const { read, row, versionsOf, newest, enter, edit, revertPath, send, versionOf, revert } = editsAt(desk)

describe('an edit is not taken back', () => {
  test('whose field was changed again since: the page says which, and keeps what was typed', async () => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris', summary: 'Rewritten.' })
    await edit(reference, { lead: 'Cyril' })
    const revision = await desk.app.context.db.revision()
    const fields = { reason: 'My long reason.', version: await versionOf(reference) }
    const { text } = await send(reference, change, fields).expect(422)
    expect(text).toContain('lead was changed again since')
    expect(text).not.toContain('summary was changed')
    expect(text).toContain('>My long reason.</textarea>')
    expect(await desk.app.context.db.revision()).toBe(revision)
    expect(await row(reference)).toMatchObject({ lead: 'Cyril', summary: 'Rewritten.' })
  })

  test('twice: what is as it was before needs nothing', async () => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris' })
    await revert(reference, change)
    const { text } = await send(reference, change, { reason: 'Again.', version: '3' }).expect(422)
    expect(text).toContain('there is nothing to take back')
    expect(await row(reference)).toMatchObject({ version: 3 })
  })

  test('when it is none: an entry, a change of status, a correction or a claim', async () => {
    const reference = await enter()
    const entry = await newest(reference)
    await desk.ada.post(`/agreements/${reference}/status`).type('form').send(statusForm()).expect(303)
    const status = await newest(reference)
    const position = await read().selectFrom('positions').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()
    await desk.ada
      .post(`/agreements/${reference}/positions/${position.id}/correct`)
      .type('form')
      .send({
        status: 'under_review',
        means: 'suspended',
        effective_on: '2026-11-01',
        reason: 'Misread.',
        version: '2',
      })
      .expect(303)
    const correction = await newest(reference)
    const claim = { stance: 'denies', status: 'under_review', asserted_by: 'A', source_title: 'B' }
    await desk.ada.post(`/agreements/${reference}/claims`).type('form').send(claim).expect(303)
    for (const change of [entry, status, correction, await newest(reference)]) {
      const { text } = await send(reference, change.id, { reason: 'x', version: '3' }).expect(422)
      expect(text, change.kind).toContain('Only an edit is taken back like this')
    }
    expect(await row(reference)).toMatchObject({ version: 3, status: 'under_review' })
  })

  test('when it is none, and no form pretends that it could be', async () => {
    const reference = await enter()
    const { id } = await newest(reference)
    const { status, text } = await desk.ada.get(revertPath(reference, id))
    expect(status).not.toBe(200)
    expect(text).not.toContain('Take the edit back</button>')
  })

  test('that is not there, or another agreement’s', async () => {
    const [reference, other] = [await enter(), await enter()]
    const foreign = await edit(other, { lead: 'Boris' })
    for (const id of ['0', '-1', 'x', '999999', '9'.repeat(30), '%00', String(foreign)]) {
      const path = `/agreements/${reference}/history/${id}/revert`
      await desk.ada.get(path).expect(404)
      await desk.ada.post(path).type('form').send({ reason: 'x', version: '1' }).expect(404)
      await desk.ada.post(path).type('form').send({}).expect(404)
    }
    await desk.ada.get(`/agreements/RUS-SYR-1900-1/history/${foreign}/revert`).expect(404)
    expect(await row(other)).toMatchObject({ lead: 'Boris' })
  })

  test.each([
    ['without a reason', { reason: '  ' }, 'Say why the edit is taken back'],
    ['without the version', { version: '' }, 'open the form again'],
    ['with a field that is none', { colour: 'red' }, 'Unknown field colour'],
    ['with two reasons', { reason: ['a', 'b'] }, 'is given more than once'],
  ])('%s', async (_how, more, message) => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris' })
    const { text } = await send(reference, change, { reason: 'My long reason.', version: '2', ...more }).expect(422)
    expect(text).toContain(message)
    if ('reason' in more) expect(text).toContain('<a href="#reason">')
    else expect(text).toContain('>My long reason.</textarea>')
    expect(await row(reference)).toMatchObject({ lead: 'Boris', version: 2 })
  })

  test('by a reader, from another site, or in the past', async () => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris' })
    const path = revertPath(reference, change)
    await desk.app.reader.get(path).expect(303)
    await desk.app.reader.post(path).type('form').send({ reason: 'x', version: '2' }).expect(401)
    await desk.ada
      .post(path)
      .set('Sec-Fetch-Site', 'cross-site')
      .type('form')
      .send({ reason: 'x', version: '2' })
      .expect(403)
    await desk.ada.get(`${path}?as_of=2025`).expect(400)
    expect(await row(reference)).toMatchObject({ lead: 'Boris', version: 2 })
  })
})

describe('whoever comes second', () => {
  test('gets a 409, keeps what was typed and can send it again', async () => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris' })
    const { version } = await row(reference)
    await edit(reference, { summary: 'Written meanwhile.' })
    const fields = { reason: 'My long reason.', version: String(version) }
    const { text } = await send(reference, change, fields).expect(409)
    expect(text).toContain('it is at version 3 now')
    expect(text).toContain('>My long reason.</textarea>')
    expect(text).toContain('name="version" value="3"')
    await send(reference, change, { ...fields, version: '3' }).expect(303)
    expect(await row(reference)).toMatchObject({ lead: 'Ada', summary: 'Written meanwhile.' })
  })

  test('is told what the first one did', async () => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Cyril' })
    await send(reference, change, { reason: 'Boris was faster.', version: '2' }, desk.boris).expect(303)
    const { text } = await send(reference, change, { reason: 'My long reason.', version: '2' }).expect(409)
    expect(text).toContain('Boris')
    expect(text).toContain('took back an edit')
  })

  test('of two at the very same time one is recorded and one is told', async () => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris' })
    const fields = { reason: 'Now.', version: '2' }
    const answers = await Promise.all([send(reference, change, fields), send(reference, change, fields, desk.boris)])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409])
    expect(await versionsOf(reference)).toHaveLength(3)
  })
})

test('a form of any shape is answered, and never by a 500', async () => {
  const reference = await enter()
  const changes = [
    await edit(reference, { lead: 'Boris' }),
    await edit(reference, { summary: '<script>alert(1)</script>' }),
  ]
  const value = anyValue('1', '2', '3', '9'.repeat(400), '-1', '<script>alert(1)</script>')
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...changes, 1, 2),
      fc.array(fc.tuple(fc.constantFrom('reason', 'version', '__proto__', 'constructor', ''), value), { maxLength: 4 }),
      async (change, pairs) => {
        const body = encoded(pairs)
        const { status, text } = await desk.ada.post(revertPath(reference, change)).type('form').send(body)
        expect([303, 404, 409, 422]).toContain(status)
        expect(text).not.toContain('<script>alert(1)</script>')
      },
    ),
    { numRuns: 60 },
  )
})

test('after all of this the register follows from its history, and nothing went wrong', async () => {
  expect(await verified(desk.app)).toContain('all follow from the history')
  expect(desk.app.errors).toEqual([])
})
