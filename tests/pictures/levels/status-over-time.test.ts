import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Status, STATUSES, statusLabel } from '../../../src/words/status.ts'
import { firstDay } from '../../../src/time/partial-date.ts'
import {
  statusOverTime,
  type StatusStep,
  statusSwatch,
  statusTable,
} from '../../../src/pictures/levels/status-over-time.ts'
import { anyDate, UNTIL } from '../arbitraries.ts'
import { elementsNamed, faultsOf, numberIn, readMarkup, withClass } from '../markup.ts'

const step = (day: string, status: Status, change = 1): StatusStep => ({ day, status, change })
const PORT = [
  step('2019-01-01', 'active'),
  step('2025-01-01', 'active', -1),
  step('2025-01-01', 'annulled'),
  step('2025-07-13', 'annulled', -1),
  step('2025-07-13', 'reassigned'),
]

const draw = (steps: readonly StatusStep[], until = UNTIL) => readMarkup(statusOverTime(steps, until)?.markup ?? '')

/** Agreements that enter one status after the other; entering one leaves the one before. */
const anySteps = fc
  .array(fc.array(fc.record({ date: anyDate, status: fc.constantFrom(...STATUSES) }), { minLength: 1, maxLength: 4 }), {
    maxLength: 60,
  })
  .map((agreements) =>
    agreements.flatMap((stands) => {
      const ordered = stands
        .map(({ date, status }) => ({ day: firstDay(date), status }))
        .toSorted((a, b) => (a.day < b.day ? -1 : 1))
      return ordered.flatMap(({ day, status }, index) => {
        const before = ordered[index - 1]
        return [step(day, status), ...(before ? [step(day, before.status, -1)] : [])]
      })
    }),
  )
const standing = (steps: readonly StatusStep[], day: string) =>
  STATUSES.map((status) =>
    steps.filter((one) => one.status === status && one.day <= day).reduce((sum, { change }) => sum + change, 0),
  )

describe('the picture of status over time', () => {
  test('is none for a register in which nothing stood by then', () => {
    expect(statusOverTime([], UNTIL)).toBeNull()
    expect(statusOverTime(PORT, '2018-12-31')).toBeNull()
  })

  test('has numbers for values and each id once, for any steps', () => {
    fc.assert(
      fc.property(anySteps, fc.constantFrom(UNTIL, '2025-02-01', '1760-01-01'), (steps, until) => {
        const picture = statusOverTime(steps, until)
        expect(picture === null).toBe(steps.every(({ day }) => day > until))
        if (picture) expect(faultsOf(readMarkup(picture.markup))).toEqual([])
      }),
    )
  })

  test('is an image whose words give the last counts and their day', () => {
    const picture = draw(PORT)
    expect(picture.children[0]?.attributes['role']).toBe('img')
    expect(elementsNamed(picture, 'title')[0]?.text).toBe(
      'Agreements by status since 2019. On 23 Nov 2026: 0 active, 0 under review, 0 annulled, 1 reassigned.',
    )
  })

  test('draws each status with its own texture, cut to its area', () => {
    const areas = elementsNamed(draw(PORT), 'rect').filter(({ attributes }) => attributes['clip-path'])
    expect(areas.map(({ text }) => text)).toEqual(STATUSES.map(statusLabel))
    expect(new Set(areas.map(({ attributes }) => attributes['fill'])).size).toBe(4)
  })

  test('names the statuses that some agreement has in the end, with the count, apart from each other', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const last = standing(steps, UNTIL)
        fc.pre(steps.some(({ day }) => day <= UNTIL))
        const names = withClass(draw(steps), 'chart-name').flatMap((name) => elementsNamed(name, 'text'))
        const expected = STATUSES.map((status, index) => ({ status, count: last[index] ?? 0 }))
          .filter(({ count }) => count > 0)
          .map(({ status, count }) => `${statusLabel(status)} ${count}`)
        expect(names.map(({ text }) => text)).toEqual(expected.toReversed())
        const places = names.map((name) => numberIn(name, 'y'))
        for (const [index, place] of places.entries()) {
          if (index > 0) expect(place - (places[index - 1] ?? 0)).toBeGreaterThan(17)
          expect(place).toBeGreaterThan(0)
          expect(place).toBeLessThan(221)
        }
      }),
    )
  })

  test('counts agreements in whole numbers, however few there are', () => {
    const counts = withClass(draw([step('2019-01-01', 'active')]), 'chart-count').map(({ text }) => text)
    expect(counts).toEqual(['0', '1'])
  })

  test('names years in a long history, months in one of months, days in one of days', () => {
    const ticks = (day: string) => withClass(draw([step(day, 'active')]), 'chart-tick').map(({ text }) => text)
    expect(ticks('1974-05-31')).toContain('1990')
    expect(ticks('2026-04-02')).toContain('Jun 2026')
    expect(ticks('2026-11-21')).toContain('7 Nov 2026')
    for (const day of ['1974-05-31', '2023-02-02', '2026-04-02', '2026-11-21']) {
      expect(ticks(day).length).toBeGreaterThan(2)
      expect(ticks(day).length).toBeLessThan(9)
    }
  })

  test('shares no id with another of its kind', () => {
    expect(faultsOf(draw(PORT), draw(PORT, '2026-11-22'))).toEqual([])
  })
})

describe('the table of status over time', () => {
  test('has a row for the end of each year in which something changed, and for the last day', () => {
    expect(statusTable(PORT, UNTIL)).toEqual([
      { day: '2019-12-31', counts: { active: 1, under_review: 0, annulled: 0, reassigned: 0 } },
      { day: '2025-12-31', counts: { active: 0, under_review: 0, annulled: 0, reassigned: 1 } },
      { day: UNTIL, counts: { active: 0, under_review: 0, annulled: 0, reassigned: 1 } },
    ])
  })

  test('knows nothing of what comes after its last day', () => {
    expect(statusTable(PORT, '2025-02-01')).toEqual([
      { day: '2019-12-31', counts: { active: 1, under_review: 0, annulled: 0, reassigned: 0 } },
      { day: '2025-02-01', counts: { active: 0, under_review: 0, annulled: 1, reassigned: 0 } },
    ])
    expect(statusTable(PORT, '2018-12-31')).toEqual([])
  })

  test('has the year once where the last day ends it', () => {
    expect(statusTable(PORT, '2025-12-31').map(({ day }) => day)).toEqual(['2019-12-31', '2025-12-31'])
  })

  test('has at most 24 rows, in order, true to the steps, the last one that of the last day', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const rows = statusTable(steps, UNTIL)
        expect(rows.length).toBeLessThanOrEqual(24)
        expect(rows.map(({ day }) => day)).toEqual([...new Set(rows.map(({ day }) => day))].toSorted())
        if (rows.length > 0) expect(rows.at(-1)?.day).toBe(UNTIL)
        for (const { day, counts } of rows) expect(Object.values(counts)).toEqual(standing(steps, day))
      }),
    )
  })

  test('leaves out years evenly where there are too many', () => {
    const steps = Array.from({ length: 50 }, (_, index) => step(`${1970 + index}-06-01`, 'active'))
    const days = statusTable(steps, UNTIL).map(({ day }) => day)
    expect(days).toHaveLength(17)
    expect(days.slice(-3)).toEqual(['2014-12-31', '2017-12-31', UNTIL])
  })
})

describe('a swatch', () => {
  test('has the status’s colour and texture, and no ids, so that it may stand in many places', () => {
    const textures = STATUSES.map((status) => {
      const swatch = readMarkup(statusSwatch(status).markup)
      expect(faultsOf(swatch)).toEqual([])
      expect(statusSwatch(status).markup).not.toContain(' id=')
      expect(withClass(swatch, `status-${status}`)).toHaveLength(1)
      return withClass(swatch, 'texture-line')[0]?.attributes['d']
    })
    expect(new Set(textures).size).toBe(4)
  })
})
