import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MEANS_OF, STATUSES } from '../../../src/words/status.ts'
import { STANCES } from '../../../src/words/claim.ts'
import { countsFrom, type DatedClaim, isContested } from '../../../src/standing/contested.ts'
import { firstDay, type PartialDate } from '../../../src/time/partial-date.ts'
import { inOrder, type Position, positionOn } from '../../../src/standing/position.ts'
import { LAST_INSTANT } from '../../../src/time/moment.ts'
import { type KnownHistory, standingOn, standingsOf, standingsOverTime } from '../../../src/standing/standing.ts'

const TODAY = '2026-11-24'
const day = (text: string) => text as PartialDate

// Few days, so that they meet: on, before and after each other, and in all three precisions.
const anyDate = fc.constantFrom('2019', '2020-02', '2020-02-01', '2020-03', '2021-05-06', '2024', '2024-01-01').map(day)
const anyDay = fc.constantFrom(
  '2018-12-31',
  '2019-01-01',
  '2020-02-01',
  '2020-02-15',
  '2021-05-06',
  '2023-12-31',
  '2030-01-01',
)
const anyInstant = fc.integer({ min: 1, max: 9 }).map((month) => `2025-0${month}-01T00:00:00.000Z`)

const anyPosition = fc.record({ status: fc.constantFrom(...STATUSES), effective_on: anyDate })
const anyPositions = fc.array(anyPosition, { maxLength: 5 }).map((positions) =>
  positions.map(({ status, effective_on }, index): Position => {
    const means = MEANS_OF[status][0]
    return { id: index + 1, status, means, effective_on, effective_day: firstDay(effective_on) }
  }),
)
const anyClaim = fc
  .record({
    stance: fc.constantFrom(...STANCES),
    status: fc.constantFrom(...STATUSES),
    effective_on: fc.option(anyDate),
    said_on: fc.option(anyDate),
    published_on: fc.option(anyDate),
  })
  .map((claim): DatedClaim => ({ ...claim, counts_from: countsFrom(claim) }))

describe('a claim counts from', () => {
  const none = { said_on: null, published_on: null, effective_on: null }
  test.each([
    [
      'the day it was said',
      { said_on: day('2025-02-28'), published_on: day('2025-03-01'), effective_on: day('2025-01') },
      '2025-02-28',
    ],
    [
      'else its source’s publication',
      { ...none, published_on: day('2025-03'), effective_on: day('2025-01') },
      '2025-03-01',
    ],
    ['else its day of effect', { ...none, effective_on: day('2025') }, '2025-01-01'],
    ['else the beginning', none, ''],
  ])('%s', (_what, claim, expected) => {
    expect(countsFrom(claim)).toBe(expected)
  })
})

describe('where an agreement stands', () => {
  test('is on each day the latest position in effect, contested by whatever was said by then', () => {
    fc.assert(
      fc.property(anyPositions, fc.array(anyClaim, { maxLength: 4 }), anyDay, (positions, claims, looked) => {
        const ordered = inOrder(positions)
        const position = positionOn(ordered, looked)
        const standing = standingOn(
          standingsOf(ordered, claims, TODAY).filter(({ announced }) => announced === 0),
          looked,
        )
        expect(standing?.position_id).toBe(position?.id)
        if (position && standing) expect(standing.contested).toBe(isContested(position, claims, looked) ? 1 : 0)
      }),
    )
  })

  test('follows on without a gap or an overlap, from the first position on', () => {
    fc.assert(
      fc.property(anyPositions, fc.array(anyClaim, { maxLength: 4 }), (positions, claims) => {
        const ordered = inOrder(positions)
        const standings = standingsOf(ordered, claims, TODAY)
        for (const [index, { day_from, day_to }] of standings.entries()) {
          expect(day_from < day_to).toBe(true)
          if (index > 0) expect(day_from).toBe(standings[index - 1]?.day_to)
        }
        expect(standings[0]?.day_from).toBe(ordered[0]?.effective_day)
      }),
    )
  })

  test('is announced before a first position that lies ahead', () => {
    const positions = inOrder([
      { id: 1, status: 'active', means: null, effective_on: day('2027'), effective_day: '2027-01-01' },
    ])
    expect(standingsOf(positions, [], TODAY)).toMatchObject([
      { announced: 1, day_to: '2027-01-01', status: 'active' },
      { announced: 0, day_from: '2027-01-01' },
    ])
    expect(standingsOf(positions, [], '2027-01-01')).toMatchObject([{ announced: 0 }])
  })

  test('over all that was ever known is at each instant what was known then', () => {
    const known = fc.tuple(anyInstant, fc.option(anyInstant)).map(([from, to]) => ({
      known_from: from,
      known_to: to === null || to <= from ? LAST_INSTANT : to,
    }))
    const anyHistory: fc.Arbitrary<KnownHistory> = fc.record({
      positions: fc.array(fc.tuple(anyPosition, known), { maxLength: 5 }).map((all) =>
        all.map(([{ status, effective_on }, span], index) => ({
          id: index + 1,
          status,
          means: null,
          effective_on,
          effective_day: firstDay(effective_on),
          ...span,
        })),
      ),
      claims: fc.array(
        fc.tuple(anyClaim, known).map(([claim, span]) => ({ ...claim, ...span })),
        { maxLength: 4 },
      ),
      listed: fc.constant([
        { kind: 'treaty' as const, sector: null, known_from: '2025-01-01T00:00:00.000Z', known_to: LAST_INSTANT },
      ]),
    })
    fc.assert(
      fc.property(anyHistory, anyInstant, anyDay, (history, instant, looked) => {
        const isKnown = ({ known_from, known_to }: { known_from: string; known_to: string }) =>
          known_from <= instant && instant < known_to
        const then = standingsOf(inOrder(history.positions.filter(isKnown)), history.claims.filter(isKnown), TODAY)
        const standing = standingOn(standingsOverTime(history).filter(isKnown), looked)
        const expected = standingOn(then, looked)
        expect(standing?.position_id).toBe(expected?.position_id)
        expect(standing?.contested).toBe(expected?.contested)
      }),
    )
  })
})
