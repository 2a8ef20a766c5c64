import { describe, expect, test } from 'vitest'
import { STATUSES } from '../../../src/words/status.ts'
import type { PartialDate } from '../../../src/time/partial-date.ts'
import { STANCES } from '../../../src/words/claim.ts'
import { contradicts } from '../../../src/standing/contested.ts'

const day = (text: string) => text as PartialDate

/** Beside the day of a position with effect from February 2025, which counts as its first day. */
const HELD_FROM = day('2025-02')
const EFFECTS = [
  ['of an earlier day', day('2025-01')],
  ['of the same day', day('2025-02-01')],
  ['of a later day', day('2025-02-02')],
  ['of no day', null],
] as const
const COUNTS = [
  ['from the day before', '2025-01-31'],
  ['from the same day', '2025-02-01'],
  ['from the day after', '2025-02-02'],
  ['from the beginning', ''],
] as const

type Effect = (typeof EFFECTS)[number][0]
type Counts = (typeof COUNTS)[number][0]

/** A denial is read from the left: any of them is enough. */
const denied = (of: Effect, from: Counts) =>
  from !== 'from the day before' || of === 'of the same day' || of === 'of a later day'
/** Another status is later by its day of effect; only where it has none, by the day from which it counts. */
const later = (of: Effect, from: Counts) =>
  of === 'of a later day' || (of === 'of no day' && from === 'from the day after')

describe('a claim contradicts the position', () => {
  for (const stance of STANCES) {
    for (const held of STATUSES) {
      for (const claimed of STATUSES) {
        for (const [of, effective_on] of EFFECTS) {
          for (const [from, counts_from] of COUNTS) {
            const isSpared = claimed === 'active' && held === 'under_review'
            const expected =
              (stance === 'denies' && claimed === held && denied(of, from)) ||
              (stance === 'asserts' && claimed !== held && later(of, from) && !isSpared)
            test(`${stance} ${claimed} ${of}, counts ${from}, held ${held}: ${expected ? 'yes' : 'no'}`, () => {
              const claim = { stance, status: claimed, effective_on, counts_from }
              expect(contradicts(claim, { status: held, effective_on: HELD_FROM })).toBe(expected)
            })
          }
        }
      }
    }
  }
})

describe('days that are known in part compare by their first', () => {
  const denies = (counts_from: string, effective_on: string) =>
    contradicts(
      { stance: 'denies', status: 'annulled', effective_on: null, counts_from },
      { status: 'annulled', effective_on: day(effective_on) },
    )
  test.each([
    ['2025-02-28', '2025-01', true],
    ['2025-01-01', '2025', true],
    ['2024-12-31', '2025', false],
    // Said in March 2025: counts from the 1st, before what began on the 15th.
    ['2025-03-01', '2025-03-15', false],
  ])('a denial that counts from %s against a position from %s: %s', (counts_from, effective_on, expected) => {
    expect(denies(counts_from, effective_on)).toBe(expected)
  })
})
