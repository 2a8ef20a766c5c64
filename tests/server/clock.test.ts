import { describe, expect, test } from 'vitest'
import { bringIntoEffect } from '../../src/positions/take-effect.ts'
import { beginDay } from '../../src/server/chores.ts'
import { enterAgreement, ownDesk } from '../support/desk.ts'
import { statusForm } from '../support/forms.ts'
import { command } from '../support/program.ts'
import { type Agent, testApp, type TestApp } from '../support/test-app.ts'
import { verified } from '../support/verified.ts'

const SOURCE = { source_title: 'A note', source_url: 'https://example.org/note' }
const addSource = (agent: Agent, more: Record<string, string> = {}) =>
  agent
    .post('/sources')
    .type('form')
    .send({ ...SOURCE, ...more })

async function count(app: TestApp): Promise<number> {
  return app.context.db.revision()
}

async function newest(app: TestApp) {
  return app.context.db.read.selectFrom('changes').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
}

describe('a clock that jumps ahead while the server runs', () => {
  test('records nothing: the form comes back with what was typed, and says what to do', async () => {
    const { app, ada } = await ownDesk()
    const before = await count(app)
    app.clock.jump('2026-12-03T11:39:07.857Z')
    const { text, status } = await addSource(ada, { source_title: 'Typed with care' })
    expect(status).toBe(503)
    expect(text).toContain('says 3 Dec 2026, 11:39 UTC, but by the time that has passed')
    expect(text).toContain('value="Typed with care"')
    expect(await count(app)).toBe(before)
    app.clock.jump('2026-11-23T12:01:00.000Z')
    await addSource(ada).expect(303)
    expect((await newest(app)).recorded_at).toBe('2026-11-23T12:01:00.000Z')
  })

  test('is believed once an admin says that it is right', async () => {
    const { app, ada } = await ownDesk()
    const admin = await app.logIn('admin')
    expect((await admin.get('/admin').expect(200)).text).not.toContain('The clock')
    app.clock.jump('2026-12-05T12:00:00.000Z')
    await addSource(ada).expect(503)
    expect((await admin.get('/admin').expect(200)).text).toContain('says 5 Dec 2026, 12:00 UTC')
    await ada.post('/admin/clock').expect(403)
    await addSource(ada).expect(503)
    await admin.post('/admin/clock').expect(303)
    expect((await admin.get('/admin').expect(200)).text).not.toContain('5 Dec 2026')
    await addSource(ada).expect(303)
    expect((await newest(app)).recorded_at).toBe('2026-12-05T12:00:00.000Z')
  })

  test('brings nothing into effect, and stops no server that starts: it is logged', async () => {
    const { app } = await ownDesk()
    const before = await count(app)
    app.clock.jump('2027-01-05T12:00:00.000Z')
    await beginDay(app.context)
    expect(await count(app)).toBe(before)
    expect(app.errors.join('')).toContain('says 5 Jan 2027, 12:00 UTC')
    await app.reader.get('/agreements').expect(200)
  })

  test('is told by the command line, which can say that it is right', async () => {
    const { context } = await testApp({ seeds: true })
    const clock = (...args: string[]) => command(context.config.databaseUrl, 'clock', ...args)
    expect((await clock('--accept')).out).toMatch(/^The clock is right: \d+ \w+ \d{4}, \d\d:\d\d UTC\n$/)
    expect(await clock()).toMatchObject({ code: 0, out: expect.stringContaining('and is believed') as string })
    expect(await clock('now')).toMatchObject({ code: 2 })
  })
})

describe('a change that was stamped ahead', () => {
  async function poisoned() {
    const desk = await ownDesk()
    const reference = await enterAgreement(desk.ada)
    desk.app.clock.set('2056-11-18T11:39:07.857Z')
    const late = await desk.app.logIn('analyst', 'Late')
    await addSource(late).expect(303)
    desk.app.clock.set('2026-11-24T08:00:00.000Z')
    const eve = await desk.app.logIn('analyst', 'Eve')
    const change = (fields: Record<string, string>) =>
      eve
        .post(`/agreements/${reference}/status`)
        .type('form')
        .send(statusForm({ status: 'under_review', means: 'joint_review', version: '1', ...fields }))
    return { ...desk, reference, eve, change }
  }

  test('is a remark of verify and of /admin, and no fault; what is recorded since is stamped no earlier and no later', async () => {
    const { app, eve } = await poisoned()
    await addSource(eve, { source_url: 'https://example.org/other' }).expect(303)
    expect((await newest(app)).recorded_at).toBe('2056-11-18T11:39:07.857Z')
    const said = await verified(app)
    expect(said).toContain('all follow from the history')
    expect(said).toMatch(
      /^Remark: \d changes from change \d+ on are stamped 18 Nov 2056, 11:39 UTC or later, ahead of/m,
    )
    const admin = await app.logIn('admin')
    const { text } = await admin.get('/admin').expect(200)
    expect(text).toContain('stamped 18 Nov 2056, 11:39 UTC')
    expect(text).not.toContain('/admin/clock')
  })

  test('moves no day of effect: what lies ahead of the present day is asked about, and takes effect on its day', async () => {
    const { app, reference, change } = await poisoned()
    expect((await change({ effective_on: '2030-01-01' }).expect(422)).text).toContain('1 Jan 2030 is in the future')
    await change({ effective_on: '2030-01-01', confirm: 'yes' }).expect(303)
    const row = () =>
      app.context.db.read
        .selectFrom('agreements')
        .select(['status', 'status_since'])
        .where('reference', '=', reference)
        .executeTakeFirstOrThrow()
    expect(await row()).toEqual({ status: 'active', status_since: '2020' })
    expect(await verified(app)).toContain('all follow from the history')
    app.clock.set('2030-01-01T00:10:00.000Z')
    expect(await bringIntoEffect(app.context)).toBe(1)
    expect(await row()).toEqual({ status: 'under_review', status_since: '2030-01-01' })
    expect(await verified(app)).toContain('all follow from the history')
  })

  test('an agreement that is entered ahead of its day is listed as announced by the present day', async () => {
    const { app, eve } = await poisoned()
    const entered = await enterAgreement(eve, { status_since: '2030', confirm: 'yes' })
    expect((await app.reader.get(`/agreements/${entered}`).expect(200)).text).toContain('2030')
    expect(await verified(app)).toContain('all follow from the history')
  })
})

test('what a clock that was ahead brought into effect goes back to where it stands today, and comes again on its day', async () => {
  const { app, ada } = await ownDesk()
  const reference = await enterAgreement(ada)
  await ada
    .post(`/agreements/${reference}/status`)
    .type('form')
    .send(
      statusForm({ status: 'under_review', means: 'joint_review', version: '1', effective_on: '2030', confirm: 'yes' }),
    )
    .expect(303)
  const status = async () =>
    (await app.reader.get(`/agreements.csv?q=&sort=reference`)).text
      .split('\r\n')
      .find((line) => line.startsWith(`${reference},`))
  app.clock.set('2056-11-18T11:39:07.857Z')
  await bringIntoEffect(app.context)
  expect(await status()).toContain(',under_review,')
  // An hour back over midnight takes nothing back.
  app.clock.set('2056-11-17T23:00:00.000Z')
  expect(await bringIntoEffect(app.context)).toBe(0)
  app.clock.set('2026-11-24T08:00:00.000Z')
  expect(await bringIntoEffect(app.context)).toBe(1)
  expect(await status()).toContain(',active,')
  expect((await app.reader.get(`/agreements/${reference}/history`)).text).toContain('The clock was ahead')
  expect(await bringIntoEffect(app.context)).toBe(0)
  expect(await verified(app)).toContain('all follow from the history')
  app.clock.set('2030-01-01T00:10:00.000Z')
  expect(await bringIntoEffect(app.context)).toBe(1)
  expect(await status()).toContain(',under_review,')
  expect(await verified(app)).toContain('all follow from the history')
})
