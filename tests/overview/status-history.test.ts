import { expect, test } from 'vitest'
import { StatusHistory } from '../../src/overview/status-history.ts'
import { enterAgreement, ownDesk } from '../support/desk.ts'
import { statusForm } from '../support/forms.ts'

const UNTIL = '2026-11-23'

test('sums that are kept while others record are those that are added up anew', async () => {
  const { app, ada } = await ownDesk()
  const { db } = app.context
  const kept = new StatusHistory(db)
  const before = await kept.steps(UNTIL)
  expect(before.reduce((sum, { change }) => sum + change, 0)).toBe(45)
  for (const effective_on of ['2021', '2022-05', '2026-11-01']) {
    const reference = await enterAgreement(ada, { title: `Of ${effective_on}` })
    await ada.post(`/agreements/${reference}/status`).type('form').send(statusForm({ effective_on })).expect(303)
    const anew = await new StatusHistory(db).steps(UNTIL)
    expect((await kept.steps(UNTIL)).toSorted(byDay)).toEqual(anew.toSorted(byDay))
  }
})

function byDay(one: { day: string; status: string }, other: { day: string; status: string }): number {
  return `${one.day} ${one.status}` < `${other.day} ${other.status}` ? -1 : 1
}
