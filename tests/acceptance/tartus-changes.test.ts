import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestApp } from '../support/test-app.ts'
import { alike, counted, listed, summaryOf } from './ask.ts'
import { compared } from './comparison.ts'
import {
  BASE,
  CONCESSION,
  ECONOMY,
  FERTILISER,
  FIRST_SUMMARY,
  LATAKIA,
  MEMORANDUM,
  PORT,
  SECURITY,
} from './references.ts'
import { startTartusStory } from './story.ts'

const LATAKIA_CONTRACT = 'FRA-SYR-2025-1'
const CHANGED_BY_JULY = [
  `${MEMORANDUM} did not stand -> active, signed_not_in_force`,
  `${CONCESSION} did not stand -> active, signed_not_in_force`,
  `${LATAKIA} active, in_force -> annulled, superseded`,
  `${LATAKIA_CONTRACT} did not stand -> active, in_force`,
  `${PORT} active, in_force -> reassigned, re_awarded`,
]

let app: TestApp
beforeAll(async () => {
  app = await startTartusStory()
})
afterAll(() => app.stop())

describe('what changed around Tartus', () => {
  test('Which agreements changed between 8 December 2024 and 31 July 2025?', async () => {
    const reviewed = [...SECURITY, ...ECONOMY].map((one) => `${one} active, in_force -> under_review, joint_review`)
    expect(await compared(app, { from: '2024-12-08', to: '2025-07-31' })).toEqual(
      alike([...CHANGED_BY_JULY, ...reviewed].sort()),
    )
  })

  test('Which of these changes were known on 31 July 2025 itself?', async () => {
    expect(await compared(app, { from: '2024-12-08', to: '2025-07-31', known_at: '2025-07-31' })).toEqual(
      alike(CHANGED_BY_JULY),
    )
  })

  test('Which agreements had changed by 31 January 2025, as known in the confusion of the 23rd, and as known today?', async () => {
    const days = { from: '2024-12-08', to: '2025-01-31' }
    const port = `${PORT} active, in_force -> annulled, terminated`
    await Promise.all([
      expect(compared(app, { ...days, known_at: '2025-01-23' })).resolves.toEqual(
        alike([`${BASE} active, in_force -> annulled, terminated`, port]),
      ),
      expect(compared(app, days)).resolves.toEqual(alike([port])),
    ])
  })

  test('How many agreements were under review on 1 January 2025, and how many on 31 July?', async () => {
    await Promise.all([
      expect(counted(app, { as_of: '2025-01-01' })).resolves.toEqual(
        alike({ active: 10, under_review: 1, annulled: 1, reassigned: 0 }),
      ),
      expect(counted(app, { as_of: '2025-07-31' })).resolves.toEqual(
        alike({ active: 3, under_review: 10, annulled: 1, reassigned: 1 }),
      ),
      expect(counted(app, { as_of: '2025-07-31', known_at: '2025-07-31' })).resolves.toEqual(
        alike({ active: 12, under_review: 1, annulled: 1, reassigned: 1 }),
      ),
    ])
  })

  test('Which positions did Lavrov’s words contest on 2 August 2025, while reviews were still being opened?', async () => {
    await Promise.all([
      expect(listed(app, { contested: 'yes', known_at: '2025-08-02', sort: 'reference' })).resolves.toEqual(
        alike([
          'RUS-SYR-2019-2 active, in_force, from 2019-12-16, contested',
          'RUS-SYR-2019-3 active, in_force, from 2019-12-16, contested',
          'RUS-SYR-2021-1 active, in_force, from 2021-03, contested',
          'RUS-SYR-ND-1 active, in_force, from 2018-03, contested',
        ]),
      ),
      expect(listed(app, { contested: 'yes', known_at: '2025-08-04' })).resolves.toEqual(alike([])),
    ])
  })

  test('Which agreements between Russia and Syria stood without a review on 30 July 2025, and on the day after?', async () => {
    const unreviewed = { country: ['RU', 'SY'], status: ['active'], sort: 'reference' }
    const { page, csv, commandLine } = await listed(app, { ...unreviewed, as_of: '2025-07-30' })
    const references = (lines: string[]) => lines.map((line) => line.replace(/ .*/, ''))
    expect({ page: references(page), csv: references(csv), commandLine: references(commandLine) }).toEqual(
      alike([...SECURITY, ...ECONOMY].sort()),
    )
    expect(await listed(app, { ...unreviewed, as_of: '2025-07-31' })).toEqual(alike([]))
  })

  test('What would a search for طرطوس have found on 17 November 2024, on 20 January 2025, on 20 June, and now?', async () => {
    await Promise.all([
      expect(listed(app, { q: 'طرطوس', known_at: '2024-11-17' })).resolves.toEqual(alike([])),
      expect(listed(app, { q: 'طرطوس', known_at: '2025-01-20' })).resolves.toEqual(
        alike([`${PORT} active, in_force, from 2019`, `${BASE} active, in_force, from 2017-12-21`]),
      ),
      expect(listed(app, { q: 'طرطوس', known_at: '2025-06-20' })).resolves.toEqual(
        alike([
          `${MEMORANDUM} active, signed_not_in_force, from 2025-05-16`,
          `${PORT} annulled, terminated, from 2025-01, contested`,
          `${BASE} active, in_force, from 2017-12-21`,
        ]),
      ),
      expect(listed(app, { q: 'طرطوس' })).resolves.toEqual(
        alike([
          `${CONCESSION} active, in_force, from 2025-11-12`,
          `${BASE} under_review, joint_review, from 2025-07-31`,
          `${PORT} reassigned, re_awarded, from 2025-07-13`,
          `${MEMORANDUM} active, signed_not_in_force, from 2025-05-16`,
        ]),
      ),
    ])
  })

  test('Does a search for Тартус find as of 2018 what stood then, and the same by another spelling?', async () => {
    const base = alike([`${BASE} active, in_force, from 2017-12-21`])
    await Promise.all([
      expect(listed(app, { q: 'Тартус', as_of: '2018-12-31' })).resolves.toEqual(base),
      expect(listed(app, { q: 'Tartous', as_of: '2018-12-31' })).resolves.toEqual(base),
      expect(listed(app, { q: 'Tortoos', as_of: '2018-12-31' })).resolves.toEqual(base),
    ])
  })

  test('Would a search for DP World have found the old contract on 14 July 2025, and does it now?', async () => {
    await Promise.all([
      expect(listed(app, { q: 'DP World', known_at: '2025-07-14' })).resolves.toEqual(
        alike([
          `${CONCESSION} active, signed_not_in_force, from 2025-07-13`,
          `${MEMORANDUM} active, signed_not_in_force, from 2025-05-16`,
        ]),
      ),
      expect(listed(app, { q: 'DP World' })).resolves.toEqual(
        alike([
          `${CONCESSION} active, in_force, from 2025-11-12`,
          `${PORT} reassigned, re_awarded, from 2025-07-13`,
          `${MEMORANDUM} active, signed_not_in_force, from 2025-05-16`,
        ]),
      ),
    ])
  })

  test('Which agreements are annulled and handed to nobody, and which was under review before the news?', async () => {
    await Promise.all([
      expect(listed(app, { status: 'annulled' })).resolves.toEqual(
        alike([`${LATAKIA} annulled, superseded, from 2025-05-01`]),
      ),
      expect(listed(app, { status: 'under_review', as_of: '2024-12-08' })).resolves.toEqual(
        alike([`${FERTILISER} under_review, unilateral_review, from 2023-12`]),
      ),
    ])
  })

  test('What was the port contract said to be before it ended, and what is it said to be now?', async () => {
    const now =
      'Handed the running and upgrading of Tartus commercial port to a Russian firm for 49 years against a promised investment; the new Syrian authorities say it is void, the firm said it was not, and the port has since gone to DP World.'
    await Promise.all([
      expect(summaryOf(app, PORT, { known_at: '2025-07-14' })).resolves.toEqual(alike(FIRST_SUMMARY)),
      expect(summaryOf(app, PORT, { as_of: '2025-02-01' })).resolves.toEqual(alike(now)),
    ])
  })
})
