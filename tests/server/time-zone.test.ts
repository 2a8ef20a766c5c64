import { describe, expect, test } from 'vitest'
import { enterAgreement } from '../support/desk.ts'
import { statusForm } from '../support/forms.ts'
import { testApp } from '../support/test-app.ts'
import { verified } from '../support/verified.ts'

describe.each([
  ['Asia/Damascus', '2026-11-23T22:30:00.000Z', '2026-11-24', '2026-11-25'],
  ['America/New_York', '2026-11-24T03:30:00.000Z', '2026-11-23', '2026-11-24'],
])('in %s at %s today is %s', (zone, now, today, tomorrow) => {
  test('in forms, exports and what is known', async () => {
    const app = await testApp({ seeds: true, now: '2026-11-23T12:00:00.000Z', env: { CLAUSULA_TIME_ZONE: zone } })
    app.clock.set(now)
    const ada = await app.logIn('analyst')
    const { headers } = await app.reader.get('/agreements.csv').expect(200)
    expect(headers['content-disposition']).toContain(`-${today}.csv`)
    const reference = await enterAgreement(ada)
    const change = (effective_on: string, more: Record<string, string> = {}) =>
      ada
        .post(`/agreements/${reference}/status`)
        .type('form')
        .send(statusForm({ status: 'under_review', means: 'joint_review', version: '1', effective_on, ...more }))
    expect((await change(tomorrow).expect(422)).text).toContain('is in the future')
    await change(today).expect(303)
    expect((await app.reader.get(`/agreements/${reference}`)).text).toContain('joint review')
    // The day is known to its end, which is not that of the day in UTC.
    await app.reader.get(`/agreements?known_at=${today}`).expect(200)
    await app.reader.get(`/agreements?known_at=${tomorrow}`).expect(400)
    const then = await app.reader.get(`/agreements.csv?known_at=${now}`).expect(200)
    expect(then.text).toMatch(new RegExp(`^${reference},[^\\r]*,under_review,joint_review,${today},`, 'm'))
  })

  test('an agreement that begins on a later day is announced until then, and the register follows from its history', async () => {
    const app = await testApp({ seeds: true, now: '2026-11-23T12:00:00.000Z', env: { CLAUSULA_TIME_ZONE: zone } })
    app.clock.set(now)
    const ada = await app.logIn('analyst')
    const announced = await enterAgreement(ada, { status_since: tomorrow, confirm: 'yes' })
    const begun = await enterAgreement(ada, { status_since: today })
    const at = async (moment: string) => (await app.reader.get(`/agreements.csv?${moment}`).expect(200)).text
    for (const moment of [`known_at=${now}`, `known_at=${today}`]) {
      expect(await at(moment)).toContain(announced)
      expect(await at(moment)).toContain(begun)
    }
    expect(await at(`as_of=${today}`)).not.toContain(announced)
    expect(await at(`as_of=${today}`)).toContain(begun)
    app.clock.set('2026-11-26T12:00:00.000Z')
    const eve = await app.logIn('analyst', 'Eve')
    await eve
      .post(`/agreements/${announced}/edit`)
      .type('form')
      .send({ version: '1', title: 'Another', kind: 'treaty', reason: 'A slip.' })
      .expect(303)
    expect(await verified(app)).toContain('all follow from the history')
  })
})
