import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestApp } from '../support/test-app.ts'
import { alike, listed, partiesOf, stood, storyOf } from './ask.ts'
import { BASE, CONCESSION, MEMORANDUM, PORT } from './references.ts'
import { positionsOf } from './positions.ts'
import { startTartusStory } from './story.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTartusStory()
})
afterAll(() => app.stop())

describe('the commercial port of Tartus, entered as the news came', () => {
  test('What did the register say of the port on 1 February 2025, as known then, and as known today?', async () => {
    const annulled = alike(`${PORT} annulled, terminated, from 2025-01`)
    await Promise.all([
      expect(stood(app, PORT, { as_of: '2025-02-01', known_at: '2025-02-01' })).resolves.toEqual(annulled),
      expect(stood(app, PORT, { as_of: '2025-02-01' })).resolves.toEqual(annulled),
    ])
  })

  test('What was known of the port on 20 January 2025, before the news?', async () => {
    const untouched = alike(`${PORT} active, in_force, from 2019`)
    await Promise.all([
      expect(stood(app, PORT, { known_at: '2025-01-20' })).resolves.toEqual(untouched),
      expect(stood(app, PORT, { known_at: '2025-01-20', as_of: '2025-01-20' })).resolves.toEqual(untouched),
      expect(stood(app, PORT, { as_of: '2025-01-20' })).resolves.toEqual(
        alike(`${PORT} annulled, terminated, from 2025-01`),
      ),
    ])
  })

  test('What was known on the morning and on the evening of 23 January 2025?', async () => {
    await Promise.all([
      expect(stood(app, PORT, { known_at: '2025-01-23T09:59:59Z' })).resolves.toEqual(
        alike(`${PORT} active, in_force, from 2019, contested`),
      ),
      expect(stood(app, PORT, { known_at: '2025-01-23' })).resolves.toEqual(
        alike(`${PORT} annulled, terminated, from 2025-01`),
      ),
    ])
  })

  test('Was the annulment contested on 1 March 2025, and who could know it?', async () => {
    const contested = alike(`${PORT} annulled, terminated, from 2025-01, contested`)
    const uncontested = alike(`${PORT} annulled, terminated, from 2025-01`)
    await Promise.all([
      expect(stood(app, PORT, { known_at: '2025-03-01' })).resolves.toEqual(uncontested),
      expect(stood(app, PORT, { known_at: '2025-03-02' })).resolves.toEqual(contested),
      expect(stood(app, PORT, { as_of: '2025-03-01' })).resolves.toEqual(contested),
      expect(stood(app, PORT, { as_of: '2025-02-28' })).resolves.toEqual(contested),
      expect(stood(app, PORT, { as_of: '2025-02-27' })).resolves.toEqual(uncontested),
    ])
  })

  test('Was it contested still when the government had said it again, on 30 June and on 14 July 2025?', async () => {
    const contested = alike(`${PORT} annulled, terminated, from 2025-01, contested`)
    await Promise.all([
      expect(stood(app, PORT, { known_at: '2025-06-30' })).resolves.toEqual(contested),
      expect(stood(app, PORT, { known_at: '2025-07-14' })).resolves.toEqual(contested),
      expect(listed(app, { known_at: '2025-07-14', contested: 'yes' })).resolves.toEqual(
        alike([`${PORT} annulled, terminated, from 2025-01, contested`]),
      ),
    ])
  })

  test('Is it contested on 1 August 2025?', async () => {
    const reassigned = alike(`${PORT} reassigned, re_awarded, from 2025-07-13`)
    await Promise.all([
      expect(stood(app, PORT, { as_of: '2025-08-01' })).resolves.toEqual(reassigned),
      expect(stood(app, PORT, { as_of: '2025-08-01', known_at: '2025-08-01' })).resolves.toEqual(reassigned),
      expect(listed(app, { contested: 'yes' })).resolves.toEqual(alike([])),
    ])
  })

  test('How did the port contract come to where it stands, and who decided each step?', async () => {
    expect(await positionsOf(app, PORT)).toEqual(
      alike([
        'active, in_force, from 2019, recorded 2024-11-18 09:00 by Ada',
        'annulled, terminated, from 2025-01, recorded 2025-01-23 10:00 by Ada',
        'reassigned, re_awarded, from 2025-07-13, recorded 2025-07-15 09:00 by Ada',
      ]),
    )
  })

  test('Who has the port now, and since when?', async () => {
    const now = { place: 'tartus-commercial-port', means: 'in_force' }
    await Promise.all([
      expect(listed(app, now)).resolves.toEqual(alike([`${CONCESSION} active, in_force, from 2025-11-12`])),
      expect(partiesOf(app, now)).resolves.toEqual(alike(['DP World; General Authority for Land and Sea Ports'])),
    ])
  })

  test('Who had the port on 1 August 2025, with the concession signed and not begun?', async () => {
    expect(await listed(app, { place: 'tartus-commercial-port', status: 'active', as_of: '2025-08-01' })).toEqual(
      alike([
        `${CONCESSION} active, signed_not_in_force, from 2025-07-13`,
        `${MEMORANDUM} active, signed_not_in_force, from 2025-05-16`,
      ]),
    )
  })

  test('What is the story of the port, and what was it on 14 July 2025?', async () => {
    const before = [`${MEMORANDUM} active, signed_not_in_force, from 2025-05-16`]
    await Promise.all([
      expect(storyOf(app, 'tartus-commercial-port')).resolves.toEqual(
        alike([
          `${PORT} reassigned, re_awarded, from 2025-07-13`,
          ...before,
          `${CONCESSION} active, in_force, from 2025-11-12`,
        ]),
      ),
      expect(storyOf(app, 'tartus-commercial-port', { known_at: '2025-07-14' })).resolves.toEqual(
        alike([
          `${PORT} annulled, terminated, from 2025-01, contested`,
          ...before,
          `${CONCESSION} active, signed_not_in_force, from 2025-07-13`,
        ]),
      ),
    ])
  })

  test('What stood at Tartus before 2019?', async () => {
    await Promise.all([
      expect(listed(app, { place: 'Tartus', as_of: '2018-12-31' })).resolves.toEqual(
        alike([`${BASE} active, in_force, from 2017-12-21`]),
      ),
      expect(storyOf(app, 'tartus-commercial-port', { as_of: '2018-12-31' })).resolves.toEqual(alike([])),
    ])
  })
})
