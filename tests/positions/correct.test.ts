import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bringIntoEffect } from '../../src/positions/take-effect.ts'
import { agreementForm, statusForm, leadingNowhere } from '../support/forms.ts'
import { type Agent, type Fields, startTestApp, testApp, type TestApp } from '../support/test-app.ts'
import { verified } from '../support/verified.ts'

let app: TestApp
let ada: Agent
let boris: Agent
beforeAll(async () => {
  app = await startTestApp({ seeds: true })
  ada = await app.logIn('analyst', 'Ada')
  boris = await app.logIn('analyst', 'Boris')
})
afterAll(() => app.stop())

const read = () => app.context.db.read
const row = (reference: string) =>
  read().selectFrom('agreements').selectAll().where('reference', '=', reference).executeTakeFirstOrThrow()
const positionsOf = async (reference: string) =>
  read()
    .selectFrom('positions')
    .selectAll()
    .where('agreement_id', '=', (await row(reference)).id)
    .orderBy('id')
    .execute()
const newest = async (reference: string) => (await positionsOf(reference)).at(-1)?.id ?? 0
const historyOf = async (reference: string) => {
  const rows = await read()
    .selectFrom('changes')
    .selectAll()
    .where('agreement', '=', (await row(reference)).id)
    .where('version', 'is not', null)
    .orderBy('id')
    .execute()
  return rows.map(({ before, after, ...change }) => ({
    ...change,
    before: JSON.parse(before ?? 'null') as Record<string, unknown>,
    after: JSON.parse(after ?? 'null') as Record<string, unknown>,
  }))
}
/** How the list has an agreement at a moment; undefined when it has it not. */
const listed = async (reference: string, query = '') => {
  const { text } = await app.reader.get(`/agreements.csv?q=${reference}${query}`).expect(200)
  const [found] = parse(text, { columns: true }) as Record<string, string>[]
  return found && [found['status'], found['means'], found['status_since']].join(' ')
}

const EVIDENCE = { source_title: 'Gazette 12', source_url: 'https://gazette.example/12', asserted_by: 'The ministry' }

/** A new agreement, active since 2020, with moves that follow each other: status, means, day. */
async function enter(...moves: [string, string, string][]): Promise<string> {
  const { headers } = await ada
    .post('/agreements')
    .type('form')
    .send(agreementForm({ status: 'active', means: 'in_force', status_since: '2020' }))
    .expect(303)
  const reference = headers['location']?.split('/').at(-1) ?? ''
  for (const [index, [status, means, effective_on]] of moves.entries()) {
    const more = ['annulled', 'reassigned'].includes(status) ? EVIDENCE : {}
    const successor = status === 'reassigned' ? { taken_over_by: 'ARE-SYR-2025-2' } : {}
    const fields = statusForm({ status, means, effective_on, version: String(index + 1), ...more, ...successor })
    await ada.post(`/agreements/${reference}/status`).type('form').send(fields).expect(303)
  }
  return reference
}

/** What the browser would send back from the form of a correction, untouched. */
async function opened(reference: string, id: number, agent = ada): Promise<Fields> {
  const { text } = await agent.get(`/agreements/${reference}/positions/${id}/correct`).expect(200)
  const form = text.slice(text.indexOf('<form class="sheet"'), text.indexOf('<aside'))
  const fields: Fields = { claim: [] }
  for (const [input = ''] of form.matchAll(/<input\b[^>]*>/g)) {
    const name = / name="([^"]+)"/.exec(input)?.[1] ?? ''
    const value = (/ value="([^"]*)"/.exec(input)?.[1] ?? '').replaceAll('&amp;', '&')
    if (input.includes('type="checkbox"')) {
      if (input.includes(' checked')) fields[name] = [fields[name] ?? [], value].flat()
    } else fields[name] = value
  }
  for (const [, name = '', options = ''] of form.matchAll(/<select\b[^>]* name="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g))
    fields[name] = / value="([^"]*)" selected/.exec(options)?.[1] ?? ''
  return { ...fields, reason: 'It was misread.' }
}
const send = (reference: string, id: number, fields: Fields, agent = ada) =>
  agent.post(`/agreements/${reference}/positions/${id}/correct`).type('form').send(fields)
/** Corrects the newest position of an agreement. */
async function correct(reference: string, more: Fields): Promise<void> {
  const id = await newest(reference)
  await send(reference, id, { ...(await opened(reference, id)), ...more })
    .expect(303)
    .expect('Location', `/agreements/${reference}`)
}

describe('correcting a position', () => {
  test.each([
    ['a wrong day', { effective_on: '2026-05' }, 'under_review joint_review 2026-05'],
    ['wrong means', { means: 'suspended' }, 'under_review suspended 2026-06-01'],
    ['no means at all', { means: '' }, 'under_review  2026-06-01'],
    ['a wrong status', { status: 'active', means: 'amended' }, 'active amended 2026-06-01'],
    ['all of it', { status: 'active', means: 'amended', effective_on: '2026' }, 'active amended 2026'],
  ])('of %s puts the right one in its place, and keeps the wrong one readable', async (_what, more, expected) => {
    app.clock.set('2026-11-24T08:00:00.000Z')
    const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
    const wrong = await newest(reference)
    app.clock.set('2026-11-24T10:00:00.000Z')
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

    const { text } = await app.reader.get(`/agreements/${reference}`).expect(200)
    expect(text).toContain(`in the place of Under review (joint review) from 1 Jun 2026 (change ${history.at(-2)?.id})`)
    const { text: told } = await app.reader.get(`/agreements/${reference}/history`).expect(200)
    expect(told).toContain('corrected the position Under review (joint review) from 1 Jun 2026: it is ')
    expect(told).toContain('Why: The gazette says otherwise.')
  })

  test('is followed by what stood as of a day; as known before it the error still stands', async () => {
    app.clock.set('2026-11-24T12:00:00.000Z')
    const reference = await enter(['annulled', 'terminated', '2026-06-01'])
    app.clock.set('2026-11-24T14:00:00.000Z')
    await correct(reference, { effective_on: '2026-03-01', means: 'denounced' })
    const before = '&known_at=2026-11-24T13:00:00Z'
    expect(await listed(reference)).toBe('annulled denounced 2026-03-01')
    expect(await listed(reference, '&as_of=2026-04-01')).toBe('annulled denounced 2026-03-01')
    expect(await listed(reference, '&as_of=2026-02-28')).toBe('active in_force 2020')
    expect(await listed(reference, before)).toBe('annulled terminated 2026-06-01')
    expect(await listed(reference, `&as_of=2026-04-01${before}`)).toBe('active in_force 2020')
    expect(await listed(reference, `&as_of=2026-06-01${before}`)).toBe('annulled terminated 2026-06-01')
    const { text } = await app.reader.get(`/agreements/${reference}?known_at=2026-11-24T13:00:00Z`).expect(200)
    expect(text).toContain('terminated, with effect from 1 Jun 2026')
    expect(text).not.toContain('in the place of')
    const { text: json } = await app.reader.get(`/agreements.json?q=${reference}`).expect(200)
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
    const { text } = await ada.get(`/agreements/${reference}/positions/${wrong}/correct`).expect(410)
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
    expect((await app.reader.get(`/agreements/${reference}`)).text).toContain('<bdi>The ministry</bdi>, in ')
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
    const { text } = await app.reader.get(`/sources/${sources[0]?.id}`).expect(200)
    expect(text.match(/\(corrected since\)/g)).toHaveLength(1)
    expect((await historyOf(reference)).at(-1)?.after['sources']).toEqual([
      { id: sources[0]?.id, title: 'Errata', publisher: null, url: 'https://errata.example/1' },
    ])
  })
})

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
    const revision = await app.context.db.revision()
    const typed = { source_publisher: '', reason: 'What I typed stays.', effective_on: '2026-05' }
    const { text } = await send(reference, id, { ...(await opened(reference, id)), ...typed, ...more }).expect(422)
    expect(text).toContain('<title>Error: ')
    expect(text).toContain(message)
    if (!('reason' in more)) expect(text).toContain('What I typed stays.')
    if (field !== '') expect(text).toContain(`<a href="#${field}">`)
    expect(await app.context.db.revision()).toBe(revision)
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
    await ada.post(`/agreements/${reference}/edit`).type('form').send(edit).expect(303)
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

describe('a correction of the only position', () => {
  test('to a day to come takes the agreement off the list of today’s day until then', async () => {
    const reference = await enter()
    const id = await newest(reference)
    const fields = { ...(await opened(reference, id)), effective_on: '2028', confirm: 'yes' }
    await send(reference, id, fields).expect(303)
    expect(await listed(reference)).toBe('active in_force 2028')
    expect(await listed(reference, '&as_of=2026-11-24')).toBeUndefined()
    expect(await listed(reference, '&as_of=2028')).toBe('active in_force 2028')
    expect((await app.reader.get(`/agreements/${reference}`)).text).toContain('with effect from 2028')
  })
})

describe('two analysts', () => {
  test('who correct the same position: the second gets a 409 that says what the first one did, and keeps what was typed', async () => {
    const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
    const id = await newest(reference)
    const [mine, theirs] = [await opened(reference, id), await opened(reference, id, boris)]
    await send(reference, id, { ...theirs, effective_on: '2026-05', reason: 'Boris was faster.' }, boris).expect(303)
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
    await boris.post(`/agreements/${reference}/edit`).type('form').send(edit).expect(303)
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
    await boris.post(`/agreements/${reference}/edit`).type('form').send(edit).expect(303)
    const { text } = await send(reference, id, { ...mine, effective_on: '2026-04' }).expect(409)
    expect(text).toContain('edited lead')
  })

  test('at the very same time: one is recorded', async () => {
    const reference = await enter(['under_review', 'joint_review', '2026-06-01'])
    const id = await newest(reference)
    const fields = await opened(reference, id)
    const answers = await Promise.all([
      send(reference, id, { ...fields, effective_on: '2026-05' }),
      send(reference, id, { ...fields, effective_on: '2026-04' }, boris),
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
    await app.reader
      .get(path)
      .expect(303)
      .expect('Location', `/login?next=${encodeURIComponent(path)}`)
    await app.reader.post(path).type('form').send({}).expect(401)
    expect((await app.reader.get(`/agreements/${reference}`)).text).not.toContain(path)
    expect((await ada.get(`/agreements/${reference}`)).text).toContain(path)
    const reader = await app.logIn('reader')
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
    expect((await ada.get(`${path}?as_of=2025`).expect(400)).text).toContain('does not go with a form')
    expect((await ada.get(`${path}?known_at=2026-11-23`).expect(400)).text).toContain('does not go with a form')
  })
})

test('a position that is not there, or another agreement’s, is a 404', async () => {
  const [reference, other] = [await enter(), await enter()]
  const foreign = await newest(other)
  for (const id of ['0', '-1', 'x', '999999', '9'.repeat(30), '%00', String(foreign)]) {
    const path = `/agreements/${reference}/positions/${id}/correct`
    await ada.get(path).expect(404)
    const fields = { status: 'active', means: 'amended', effective_on: '2021', reason: 'x', version: '1' }
    await ada.post(path).type('form').send(fields).expect(404)
    await ada.post(path).type('form').send({}).expect(404)
  }
  await ada.get(`/agreements/RUS-SYR-1900-1/positions/${foreign}/correct`).expect(404)
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
    expect((await ada.get(`/agreements/${reference}${path}`).expect(200)).text, path).not.toContain('<img src=x')
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
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
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
    ),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...fields), value), { maxLength: 12 }), async (pairs) => {
      app.clock.set(new Date(app.clock.now().getTime() + 1000).toISOString())
      const body = new URLSearchParams(pairs.map(([name, typed]): [string, string] => [name, typed.toWellFormed()]))
      const path = `/agreements/${reference}/positions/${await newest(reference)}/correct`
      const { status, text } = await ada.post(path).type('form').send(body.toString())
      expect([303, 409, 422]).toContain(status)
      expect(text).not.toContain('<script>alert(1)</script>')
    }),
    { numRuns: 80 },
  )
})

test('after all of this the register follows from its history, and nothing went wrong', async () => {
  expect(await verified(app)).toContain('all follow from the history')
  expect(app.errors).toEqual([])
})
