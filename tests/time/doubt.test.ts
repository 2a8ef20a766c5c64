import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Doubt, doubtOf, explainDoubt } from '../../src/time/doubt.ts'

const DAY = 86_400_000
const at = (instant: string) => Date.parse(instant)
const BUILT = '2026-11-01T00:00:00.000Z'

interface Case {
  now: string
  started: string
  /** Days that have passed since the start. */
  passed?: number
  newest?: string | null
  accepted?: string | null
  built?: string
}

function doubt({ now, started, passed = 0, newest = null, accepted = null, built = BUILT }: Case): Doubt | undefined {
  return doubtOf(at(now), { startedAt: at(started), passed: passed * DAY, builtAt: at(built) }, { newest, accepted })
}

describe('a clock is believed', () => {
  test.each<[string, Case]>([
    ['soon after the newest change', { now: '2026-11-26', started: '2026-11-26', newest: '2026-11-25T12:00:00.000Z' }],
    ['behind the newest change', { now: '2026-11-20', started: '2026-11-26', newest: '2026-11-25' }],
    ['decades behind it', { now: '1970-01-01', started: '1970-01-01', newest: '2026-11-25' }],
    [
      'when it is put right after a start without the time',
      { now: '2026-11-26', started: '1970-01-01', newest: '2026-11-25T12:00:00.000Z' },
    ],
    ['by the first change after months', { now: '2027-04-20', started: '2027-04-20', newest: '2026-11-25' }],
    [
      'by the first change after years in which the program ran',
      { now: '2029-11-26', started: '2026-11-26', passed: 1096, newest: '2026-11-25' },
    ],
    [
      'by the first change after years, of a program that was brought up to date',
      { now: '2029-11-26', started: '2029-11-26', built: '2029-11-20', newest: '2026-11-25' },
    ],
    ['in an empty register', { now: '2029-11-26', started: '2029-11-26' }],
    [
      'a few hours ahead of the time that has passed',
      { now: '2027-03-01T20:00:00Z', started: '2027-03-01', newest: '2026-11-25' },
    ],
    [
      'when somebody said that it is right',
      {
        now: '2056-11-18T12:00:00Z',
        started: '2056-11-18',
        accepted: '2056-11-18T11:00:00.000Z',
        newest: '2026-11-25',
      },
    ],
    [
      'when somebody said so after it jumped',
      { now: '2027-03-01T12:00:00Z', started: '2026-11-26', passed: 1, accepted: '2027-02-01', newest: '2026-11-25' },
    ],
    [
      'as it is, when a change was stamped far ahead',
      { now: '2026-11-26', started: '2026-11-26', newest: '2056-11-18' },
    ],
  ])('%s', (_what, given) => expect(doubt(given)).toBeUndefined())
})

describe('a clock is not believed', () => {
  test.each<[string, Case, Doubt['why']]>([
    [
      'thirty years after the newest change',
      { now: '2056-11-18', started: '2056-11-18', newest: '2026-11-25' },
      'quiet',
    ],
    ['a year after it', { now: '2027-11-26', started: '2027-11-26', newest: '2026-11-25' }, 'quiet'],
    [
      'when it jumps by a week while the program runs',
      { now: '2026-12-03', started: '2026-11-26', newest: '2026-11-25' },
      'jumped',
    ],
    [
      'when it jumps in a register with a change stamped far ahead',
      { now: '2050-01-01', started: '2026-11-26', newest: '2056-11-18' },
      'jumped',
    ],
    ['thirty years after the program was put on the machine', { now: '2056-11-18', started: '2056-11-18' }, 'quiet'],
    [
      'after another time was said to be right',
      { now: '2056-11-18', started: '2056-11-18', accepted: '2060-01-01', newest: '2026-11-25' },
      'quiet',
    ],
  ])('%s', (_what, given, why) => expect(doubt(given)?.why).toBe(why))

  test('and it is said by how much, and what to do', () => {
    const jumped = doubt({
      now: '2026-12-03T10:00:00Z',
      started: '2026-11-26T10:00:00Z',
      passed: 1,
      newest: '2026-11-25',
    })
    expect(jumped && explainDoubt(jumped)).toMatch(
      /^The machine’s clock says 3 Dec 2026, 10:00 UTC, .* should be 27 Nov 2026, 10:00 UTC\. Nothing was recorded.* set it .*\/admin.*clock --accept/,
    )
    const quiet = doubt({ now: '2056-11-18', started: '2056-11-18', newest: '2026-11-25T08:00:00.000Z' })
    expect(quiet && explainDoubt(quiet)).toContain(
      'says 18 Nov 2056, 00:00 UTC, and the newest thing that is known was recorded on 25 Nov 2026, 08:00 UTC',
    )
  })
})

const instants = fc.integer({ min: at('2020-01-01'), max: at('2060-01-01') })

test('time that really passes is believed, for however long nothing is recorded', () => {
  fc.assert(
    fc.property(instants, fc.nat(10_000 * DAY), fc.nat(150 * DAY), (startedAt, passed, quiet) => {
      const newest = new Date(startedAt - quiet).toISOString()
      expect(doubtOf(startedAt + passed, { startedAt, passed, builtAt: 0 }, { newest, accepted: null })).toBeUndefined()
    }),
  )
})

test('what is said to be right is believed at once, whatever else is known', () => {
  fc.assert(
    fc.property(
      instants,
      instants,
      instants,
      instants,
      fc.nat(1000 * DAY),
      (now, startedAt, newest, builtAt, passed) => {
        const known = { newest: new Date(newest).toISOString(), accepted: new Date(now).toISOString() }
        fc.pre(now > startedAt)
        expect(doubtOf(now, { startedAt, passed, builtAt }, known)).toBeUndefined()
      },
    ),
  )
})

test('who is nearer to what has passed is not doubted where somebody further ahead is believed', () => {
  fc.assert(
    fc.property(instants, fc.nat(400 * DAY), fc.nat(400 * DAY), fc.nat(400 * DAY), (startedAt, passed, quiet, back) => {
      const known = { newest: new Date(startedAt - quiet).toISOString(), accepted: null }
      const watched = { startedAt, passed, builtAt: 0 }
      const now = startedAt + passed + 2 * DAY
      if (doubtOf(now, watched, known) === undefined) expect(doubtOf(now - back, watched, known)).toBeUndefined()
    }),
  )
})
