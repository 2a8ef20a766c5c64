import { describe, expect, test } from 'vitest'
import { STATUSES } from '../../../src/agreements/status.ts'
import type { PartialDate } from '../../../src/dates/partial-date.ts'
import { STANCES } from '../../../src/claims/claim.ts'
import { contradicts } from '../../../src/claims/contested.ts'

const day = (text: string) => text as PartialDate
const EARLIER = day('2025-01')
const SAME = day('2025-02-01')
const LATER = day('2025-02-02')

describe('a claim contradicts the position', () => {
  for (const stance of STANCES) {
    for (const held of STATUSES) {
      for (const claimed of STATUSES) {
        for (const [when, effective_on] of [
          ['earlier', EARLIER],
          ['the same day', SAME],
          ['later', LATER],
          ['an unknown day', null],
        ] as const) {
          const isSpared = claimed === 'active' && held === 'under_review'
          const expected =
            (stance === 'denies' && claimed === held) ||
            (stance === 'asserts' && claimed !== held && when === 'later' && !isSpared)
          test(`${stance} ${claimed}, ${when}, held ${held}: ${expected ? 'yes' : 'no'}`, () => {
            expect(
              contradicts({ stance, status: claimed, effective_on }, { status: held, effective_on: day('2025-02') }),
            ).toBe(expected)
          })
        }
      }
    }
  }
})
