import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { statusLabel } from '../../../src/words/status.ts'
import { firstDay, formatPartialDate, lastDay } from '../../../src/time/partial-date.ts'
import { labelWidth } from '../../../src/pictures/label.ts'
import type { Lane } from '../../../src/pictures/lanes/lane.ts'
import { swimLanes } from '../../../src/pictures/lanes/swim-lanes.ts'
import { anyName, anyPositions, day, UNTIL } from '../arbitraries.ts'
import { type Element, elementsNamed, faultsOf, numberIn, overlapsOf, readMarkup, withClass } from '../markup.ts'

/** The width at which the picture is narrowest. */
const LEAST_WIDTH = 680

const PORT: Lane = {
  reference: 'RUS-SYR-2019-1',
  title: 'Investment contract for the commercial port of Tartus',
  href: '/agreements/RUS-SYR-2019-1',
  contested: true,
  positions: [
    { status: 'active', effective_on: day('2019') },
    { status: 'annulled', effective_on: day('2025-01') },
    { status: 'reassigned', effective_on: day('2025-07-13') },
  ],
}
const TREATY: Lane = {
  reference: 'SUN-SYR-1980-1',
  title: 'معاهدة الصداقة والتعاون',
  href: '/agreements/SUN-SYR-1980-1',
  contested: false,
  positions: [{ status: 'active', effective_on: day('1980-10-08') }],
}

const draw = (lanes: readonly Lane[], until = UNTIL) => readMarkup(swimLanes(lanes, until)?.markup ?? '')

const anyLane: fc.Arbitrary<Lane> = fc.record({
  reference: fc.constantFrom('RUS-SYR-2019-1', 'ARE-SYR-ND-12', '<b>'),
  title: anyName,
  href: fc.constantFrom('/agreements/RUS-SYR-2019-1', '/"><script>'),
  contested: fc.boolean(),
  positions: anyPositions,
})

/** For every picture, with the lanes that it draws. */
const forAnyPicture = (check: (picture: Element, lanes: Lane[]) => void) => {
  fc.assert(
    fc.property(fc.array(anyLane, { maxLength: 12 }), fc.constantFrom(UNTIL, '2025-07-13'), (lanes, until) => {
      const drawn = lanes
        .map((lane) => ({ ...lane, positions: lane.positions.filter((one) => firstDay(one.effective_on) <= until) }))
        .filter(({ positions }) => positions.length > 0)
      const picture = swimLanes(lanes, until)
      expect(picture === null).toBe(drawn.length === 0)
      if (picture) check(readMarkup(picture.markup), drawn)
    }),
    { numRuns: 60 },
  )
}

const lanesIn = (picture: Element) =>
  elementsNamed(picture, 'g').filter(({ attributes }) => attributes['role'] === 'img')
const parts = (element: Element) =>
  elementsNamed(element, 'rect')
    .filter(({ attributes }) => /^bar-(?:known|imprecise)$/.test(attributes['class'] ?? ''))
    .map((part) => ({
      class: part.attributes['class'],
      from: numberIn(part, 'x'),
      to: numberIn(part, 'x') + numberIn(part, 'width'),
    }))

describe('the lanes', () => {
  test('have bars from the first position to the last day, without gaps or overlaps, none too thin to be seen', () => {
    forAnyPicture((picture, lanes) => {
      const drawn = lanesIn(picture)
      expect(drawn).toHaveLength(lanes.length)
      for (const lane of drawn) {
        const bars = parts(lane)
        for (const [index, { from, to }] of bars.entries()) {
          expect(from).toBeGreaterThanOrEqual(0)
          expect(to).toBeGreaterThanOrEqual(from)
          expect(to).toBeCloseTo(bars[index + 1]?.from ?? 100, 5)
        }
        for (const bar of lane.children) {
          const [first, last] = [parts(bar)[0], parts(bar).at(-1)]
          expect((last?.to ?? 0) - (first?.from ?? 0)).toBeGreaterThan(0.4)
        }
      }
    })
  })

  test('are hatched exactly where a day of effect is only a month or a year', () => {
    forAnyPicture((picture, lanes) => {
      for (const [index, lane] of lanesIn(picture).entries()) {
        const hatched = lane.children.map((bar) => parts(bar).some((part) => part.class === 'bar-imprecise'))
        const dates = lanes[index]?.positions.map((one) => one.effective_on) ?? []
        expect(hatched).toEqual(dates.map((date) => date !== lastDay(date)))
      }
    })
  })

  test('stand on one scale: one day is at one place in all of them', () => {
    const [port, treaty, twin] = lanesIn(
      draw([PORT, TREATY, { ...TREATY, positions: [{ status: 'annulled', effective_on: day('2025-07-13') }] }]),
    ).map(parts)
    expect(twin?.[0]?.from).toBe(port?.at(-1)?.from)
    expect(treaty?.[0]?.from).toBe(0)
  })

  test('name each status and its day, and the agreement with its whole title, to a reader who does not see them', () => {
    forAnyPicture((picture, lanes) => {
      expect(lanesIn(picture).map(({ attributes }) => attributes['aria-label'])).toEqual(
        lanes.map(({ positions }) =>
          positions
            .map((one) => `${statusLabel(one.status)} from ${formatPartialDate(one.effective_on)}`)
            .join(', then '),
        ),
      )
    })
    const link = elementsNamed(draw([PORT]), 'a')[0]
    expect(link?.attributes).toMatchObject({ href: PORT.href, 'aria-label': expect.stringContaining(PORT.title) })
    expect(link?.text).toBe(PORT.reference)
  })

  test('say in a word which agreement is contested', () => {
    const words = withClass(draw([PORT, TREATY]), 'lane-contested').map(({ text }) => text)
    expect(words).toEqual(['contested'])
  })

  test('have titles that keep clear of the reference and of the word contested', () => {
    forAnyPicture((picture) => {
      for (const heading of elementsNamed(picture, 'svg').filter(({ children }) => children[0]?.name === 'a')) {
        const [reference] = withClass(heading, 'lane-reference')
        const [title] = withClass(heading, 'lane-title')
        const [flag] = withClass(heading, 'lane-flag')
        const start = numberIn(title, 'x')
        expect(start).toBeGreaterThan((reference?.text.length ?? 0) * 7.7)
        expect(start + labelWidth(title?.text ?? '', 12.5)).toBeLessThanOrEqual(LEAST_WIDTH + numberIn(flag, 'x'))
      }
    })
  })

  test('clip a title later where there is more room', () => {
    const title = 'Соглашение о расширении территории пункта материально-технического обеспечения флота. '.repeat(3)
    const titles = withClass(draw([{ ...PORT, title }]), 'lane-title').map(({ text }) => text)
    expect(titles).toHaveLength(2)
    expect(titles[0]?.length).toBeLessThan(titles[1]?.length ?? 0)
    for (const text of titles) expect(text).toMatch(/…\u2069$/)
  })

  test('are not there for agreements that did not stand yet', () => {
    expect(lanesIn(draw([PORT, TREATY], '2018-12-31'))).toHaveLength(1)
    expect(swimLanes([PORT], '2018-12-31')).toBeNull()
    expect(swimLanes([], UNTIL)).toBeNull()
  })

  test('are sixty at most, and the picture says how many are left out', () => {
    const picture = draw(Array.from({ length: 62 }, () => TREATY))
    expect(lanesIn(picture)).toHaveLength(60)
    expect(withClass(picture, 'lanes-note')[0]?.text).toContain('2 more agreements are not drawn')
  })
})

describe('the years', () => {
  const labels = (picture: Element) => withClass(picture, 'lanes-year').map(({ text }) => text)

  test('are named at the top and again at the bottom, each with a line through all lanes', () => {
    forAnyPicture((picture) => {
      const named = labels(picture)
      expect(named.slice(0, named.length / 2)).toEqual(named.slice(named.length / 2))
      expect(withClass(picture, 'lanes-line')).toHaveLength(named.length / 2)
    })
  })

  test('do not overlap where the picture is narrowest', () => {
    forAnyPicture((picture) => {
      const boxes = withClass(picture, 'lanes-year').map(({ attributes, text }) => {
        const width = labelWidth(text, 11.5)
        const before: Record<string, number> = { start: 0, middle: width / 2, end: width }
        const x = (Number.parseFloat(attributes['x'] ?? '') / 100) * LEAST_WIDTH
        const left = x - (before[attributes['text-anchor'] ?? ''] ?? 0)
        const top = Number(attributes['y'])
        return { left, right: left + width, top, bottom: top + 1 }
      })
      expect(overlapsOf(boxes)).toEqual([])
    })
  })

  test('are equally wide where they are few, else narrower the longer ago, and the picture says which', () => {
    const note = (picture: Element) => withClass(picture, 'lanes-note')[0]?.text
    expect(note(draw([PORT]))).toBe('All years are equally wide.')
    expect(note(draw([PORT, TREATY]))).toBe('Years long past are drawn narrower than recent ones.')
    expect(labels(draw([PORT, TREATY]))).toEqual(expect.arrayContaining(['1990', '2000', '2010', '2020', '2025']))
  })
})

describe('as markup', () => {
  test('every value is a number and every id is there once, for any lanes', () => {
    forAnyPicture((picture) => {
      expect(faultsOf(picture)).toEqual([])
    })
    expect(faultsOf(draw([PORT]), draw([TREATY]))).toEqual([])
  })

  test('a title, a reference and an address are text and nothing else', () => {
    const hostile = `"><script>alert('1')</script>`
    const markup = swimLanes([{ ...PORT, title: hostile, reference: hostile, href: hostile }], UNTIL)?.markup ?? ''
    expect(markup).not.toContain('<script')
    expect(elementsNamed(readMarkup(markup), 'a')[0]?.attributes['href']).toBe(hostile)
  })

  test('the picture names its lanes’ count, span and last statuses', () => {
    expect(elementsNamed(draw([PORT, TREATY]), 'title')[0]?.text).toBe(
      'Where 2 agreements stood from 8 Oct 1980 to 23 Nov 2026. In the end 1 active, 1 reassigned; 1 contested.',
    )
  })
})
