import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { meansLabel, STATUSES, statusLabel } from '../../../src/words/status.ts'
import { STANCES } from '../../../src/words/claim.ts'
import { firstDay, formatPartialDate, lastDay } from '../../../src/time/partial-date.ts'
import { labelWidth } from '../../../src/pictures/label.ts'
import { timeline } from '../../../src/pictures/timeline/timeline.ts'
import type { TimelineInput } from '../../../src/pictures/timeline/input.ts'
import { anyDate, anyInstant, anyName, anyPositions, day, UNTIL } from '../arbitraries.ts'
import { allIn, type Element, elementsNamed, faultsOf, numberIn, overlapsOf, readMarkup, withClass } from '../markup.ts'

type Claim = TimelineInput['claims'][number]

const BAR_HEIGHT = 30
const WIDTH = 1040

const RECORDED = '2026-11-20T10:00:00.000Z'
const PORT: TimelineInput = {
  positions: [
    { status: 'active', means: 'in_force', effective_on: day('2019'), recorded_at: RECORDED },
    { status: 'annulled', means: 'terminated', effective_on: day('2025-01'), recorded_at: RECORDED },
    { status: 'reassigned', means: null, effective_on: day('2025-07-13'), recorded_at: RECORDED },
  ],
  claims: [],
  until: UNTIL,
}

const claim = (change: Partial<Claim> = {}): Claim => ({
  asserted_by: 'Riad Joudy',
  stance: 'asserts',
  status: 'annulled',
  said: day('2025-01-22'),
  against: false,
  copies: 0,
  recorded_at: RECORDED,
  ...change,
})

const draw = (input: TimelineInput) => {
  const picture = timeline(input)
  return picture && readMarkup(picture.markup)
}
const drawPort = (change: Partial<TimelineInput> = {}) => {
  const picture = draw({ ...PORT, ...change })
  if (!picture) throw new Error('nothing is drawn')
  return picture
}

const anyClaim: fc.Arbitrary<Claim> = fc.record({
  asserted_by: anyName,
  stance: fc.constantFrom(...STANCES),
  status: fc.constantFrom(...STATUSES),
  said: fc.option(anyDate),
  against: fc.boolean(),
  copies: fc.nat({ max: 12 }),
  recorded_at: anyInstant,
})
const anyInput: fc.Arbitrary<TimelineInput> = fc.record({
  positions: anyPositions,
  claims: fc.array(anyClaim, { maxLength: 120, size: 'max' }),
  until: fc.constantFrom(UNTIL, '2025-02-01', '2025-07-13'),
})

/** For every input that draws something. */
const forAnyPicture = (check: (picture: Element, input: TimelineInput) => void) => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const picture = draw(input)
      const drawn = input.positions.filter(({ effective_on }) => firstDay(effective_on) <= input.until)
      expect(picture === null).toBe(drawn.length === 0)
      if (picture) check(picture, { ...input, positions: drawn })
    }),
    { numRuns: 60 },
  )
}

const bars = (picture: Element) => withClass(picture, 'timeline-bar')
const parts = (bar: Element) =>
  elementsNamed(bar, 'rect')
    .filter(({ attributes }) => /^bar-(?:known|imprecise)$/.test(attributes['class'] ?? ''))
    .map((part) => ({
      class: part.attributes['class'],
      from: numberIn(part, 'x'),
      to: numberIn(part, 'x') + numberIn(part, 'width'),
    }))
const pins = (picture: Element, side: string) => withClass(picture, 'timeline-pin').filter((pin) => isOn(pin, side))
const isOn = ({ attributes }: Element, side: string) => (attributes['class'] ?? '').split(' ').includes(side)
const labelled = (picture: Element, side: string) =>
  pins(picture, side).filter((pin) => !(pin.attributes['class'] ?? '').includes('crowd'))
const title = (picture: Element) => elementsNamed(picture, 'title')[0]?.text ?? ''

describe('the bars', () => {
  test('run from the first position to the last day, without gaps or overlaps, and never backwards', () => {
    forAnyPicture((picture, input) => {
      const drawn = bars(picture).flatMap(parts)
      expect(bars(picture)).toHaveLength(input.positions.length)
      for (const [index, { from, to }] of drawn.entries()) {
        expect(to).toBeGreaterThanOrEqual(from)
        const next = drawn[index + 1]
        if (next) expect(next.from).toBeCloseTo(to, 5)
      }
      const axis = withClass(picture, 'timeline-axis')[0]?.attributes['d'] ?? ''
      expect(drawn.at(-1)?.to).toBeCloseTo(Number(/H(.*)$/.exec(axis)?.[1]), 5)
    })
  })

  test('are hatched exactly where a day of effect is only a month or a year', () => {
    forAnyPicture((picture, input) => {
      for (const [index, bar] of bars(picture).entries()) {
        const date = input.positions[index]?.effective_on ?? day('')
        const hatched = parts(bar).filter((part) => part.class === 'bar-imprecise')
        expect(hatched).toHaveLength(date === lastDay(date) ? 0 : 1)
        for (const { from, to } of hatched) expect(to).toBeGreaterThan(from)
      }
    })
  })

  test('are hatched over the whole span in which they may have begun, as the scale has it', () => {
    // January is a fifth and more of the time up to the middle of July, and so of its room.
    const [hatched, solid] = parts(bars(drawPort())[1] ?? expect.fail())
    const share = ((hatched?.to ?? 0) - (hatched?.from ?? 0)) / ((solid?.to ?? 0) - (hatched?.from ?? 0))
    expect(share).toBeCloseTo(31 / 193, 2)
  })

  test('are hatched no further than up to the next position', () => {
    const positions = [
      { ...PORT.positions[0], effective_on: day('2025') },
      { ...PORT.positions[1], effective_on: day('2025-02-01') },
    ] as TimelineInput['positions']
    const [first, second] = bars(drawPort({ positions })).map(parts)
    expect(first?.map((part) => part.class)).toEqual(['bar-imprecise'])
    expect(first?.[0]?.to).toBeCloseTo(second?.[0]?.from ?? 0, 5)
  })

  test('say their status in words, and the means where there is room', () => {
    const words = bars(drawPort()).map((bar) => elementsNamed(bar, 'text')[0]?.text)
    expect(words).toEqual(['Active · in force', 'Annulled · terminated', 'Reassigned'])
  })

  test('show the mark alone where there are too many for words; the last has room', () => {
    const positions = Array.from({ length: 40 }, (_, index) => ({
      status: STATUSES[index % 4] ?? 'active',
      means: null,
      effective_on: day('2025-07-13'),
      recorded_at: RECORDED,
    }))
    const picture = drawPort({ positions })
    expect(bars(picture).flatMap((bar) => elementsNamed(bar, 'text').map(({ text }) => text))).toEqual(['Reassigned'])
    expect(withClass(picture, 'status-mark')).toHaveLength(40)
    for (const part of bars(picture).flatMap(parts)) expect(part.to - part.from).toBeGreaterThan(15)
  })

  test('have each status’s own texture', () => {
    const fills = bars(drawPort()).map((bar) => elementsNamed(bar, 'rect').at(-2)?.attributes['fill'])
    expect(new Set(fills).size).toBe(3)
    const textures = elementsNamed(drawPort(), 'pattern').map((pattern) => withClass(pattern, 'texture-line')[0])
    expect(new Set(textures.filter((line) => line !== undefined).map((line) => line.attributes['d'])).size).toBe(4)
  })

  test('are none before the first position took effect', () => {
    expect(timeline({ ...PORT, until: '2018-12-31' })).toBeNull()
    expect(timeline({ ...PORT, positions: [] })).toBeNull()
  })

  test('leave out what takes effect later, which the words still name', () => {
    const picture = drawPort({ until: '2025-02-01' })
    expect(bars(picture)).toHaveLength(2)
    expect(title(picture)).toContain('Reassigned from 13 Jul 2025')
  })
})

describe('the pins', () => {
  test('stand above the bars for what is said to be so, below for what is denied', () => {
    forAnyPicture((picture) => {
      const ys = (side: string) =>
        pins(picture, side).flatMap((pin) => elementsNamed(pin, 'text').map((text) => numberIn(text, 'y')))
      for (const y of ys('above')) expect(y).toBeLessThan(0)
      for (const y of ys('below')) expect(y).toBeGreaterThan(BAR_HEIGHT)
    })
  })

  test.each([
    { stance: 'asserts', against: false, side: 'above' },
    { stance: 'asserts', against: true, side: 'above' },
    { stance: 'denies', against: false, side: 'below' },
    { stance: 'declines', against: false, side: 'below' },
  ] as const)('$stance, against the register: $against, stands $side', ({ stance, against, side }) => {
    const picture = drawPort({ claims: [claim({ stance, against })] })
    expect(pins(picture, side)).toHaveLength(1)
    expect(withClass(picture, 'timeline-pin')).toHaveLength(1)
  })

  test('have another shape for each stance', () => {
    const shapes = STANCES.map((stance) => {
      const head = withClass(drawPort({ claims: [claim({ stance, against: true })] }), 'pin-head')[0]
      return `${head?.name} ${head?.attributes['class']} ${head?.attributes['d']?.replace(/[^a-zA-Z]/g, '')}`
    })
    expect(new Set(shapes).size).toBe(3)
  })

  test('say what is said against the register, and how many repeat it', () => {
    const picture = drawPort({
      claims: [claim({ copies: 3 }), claim({ stance: 'denies' }), claim({ against: true, status: 'active' })],
    })
    const words = (side: string) => pins(picture, side).map((pin) => elementsNamed(pin, 'text')[0]?.text ?? '')
    expect(words('above').toSorted()).toEqual(['\u2068Riad Joudy\u2069 +3', '\u2068Riad Joudy\u2069 · says Active'])
    expect(words('below')).toEqual(['\u2068Riad Joudy\u2069 · denies'])
  })

  test('have labels that touch neither each other, nor another pin’s stem, nor the edge', () => {
    forAnyPicture((picture) => {
      for (const side of ['above', 'below']) {
        const labels = labelled(picture, side).map((pin) => {
          const text = elementsNamed(pin, 'text')[0]
          const [x, y] = [numberIn(text, 'x'), numberIn(text, 'y')]
          return { left: x, right: x + labelWidth(text?.text ?? '', 12), top: y - 12, bottom: y + 4 }
        })
        expect(overlapsOf(labels)).toEqual([])
        for (const { right } of labels) expect(right).toBeLessThan(WIDTH)
        const stems = withClass(picture, 'pin-stem').map(({ attributes }) => {
          const [x = 0, y = 0, edge = 0] = (attributes['d'] ?? '').match(/-?[\d.]+/g)?.map(Number) ?? []
          return { left: x, right: x + 0.1, top: Math.min(y, edge), bottom: Math.max(y, edge) }
        })
        const crossed = labels.flatMap((label) => stems.filter((stem) => overlapsOf([label, stem]).length > 0))
        expect(crossed).toEqual([])
      }
    })
  })

  test('are all there: what has no room for a label is counted beside the bars', () => {
    forAnyPicture((picture, { claims, until }) => {
      const counted = withClass(picture, 'timeline-crowd').map((crowd) => elementsNamed(crowd, 'text')[0]?.text ?? '1')
      const drawn = labelled(picture, 'above').length + labelled(picture, 'below').length
      const dated = claims.filter(({ said }) => said !== null && firstDay(said) <= until)
      expect(drawn + counted.reduce((sum, count) => sum + Number(count), 0)).toBe(dated.length)
    })
  })

  test('of one crowded day share a stem on six levels, with the rest counted', () => {
    const claims = Array.from({ length: 120 }, () => claim({ asserted_by: 'وزارة الإعلام السورية '.repeat(10) }))
    const picture = drawPort({ claims })
    expect(labelled(picture, 'above')).toHaveLength(6)
    expect(withClass(picture, 'timeline-crowd').map((crowd) => elementsNamed(crowd, 'text')[0]?.text)).toEqual(['114'])
  })

  test('have a whisker over the span in which it was said, where that is a month or a year', () => {
    const whiskers = (said: string) =>
      withClass(drawPort({ claims: [claim({ said: day(said) })] }), 'pin-whisker').length
    expect(whiskers('2025-01-22')).toBe(0)
    expect(whiskers('2025-01')).toBe(1)
    expect(whiskers('2025')).toBe(1)
  })

  test('of an unknown day are counted beside their lane, those of a later day in the words', () => {
    const claims = [claim({ said: null }), claim({ said: null, stance: 'denies' }), claim({ said: day('2027') })]
    const picture = drawPort({ claims })
    expect(withClass(picture, 'timeline-pin')).toEqual([])
    expect(withClass(picture, 'timeline-undated')).toHaveLength(2)
    expect(title(picture)).toContain('3 claims, 1 of them denies or declines, 2 of an unknown day, 1 of a later day')
  })
})

describe('the axis', () => {
  test('has labels that do not overlap, within its two ends', () => {
    forAnyPicture((picture) => {
      const boxes = withClass(picture, 'timeline-tick')
        .filter(({ attributes }) => attributes['text-anchor'])
        .map(({ attributes, text }) => {
          const width = labelWidth(text, 11.5)
          const before: Record<string, number> = { start: 0, middle: width / 2, end: width }
          const left = Number(attributes['x']) - (before[attributes['text-anchor'] ?? ''] ?? 0)
          return { left, right: left + width, top: 0, bottom: 1 }
        })
      expect(overlapsOf(boxes)).toEqual([])
      for (const { left, right } of boxes) {
        expect(left).toBeGreaterThan(70)
        expect(right).toBeLessThan(WIDTH)
      }
    })
  })

  test('names the positions’ days as precisely as known, and the last day', () => {
    const labels = withClass(drawPort(), 'timeline-tick').map(({ text }) => text)
    for (const label of ['2019', 'Jan 2025', '13 Jul 2025', '23 Nov 2026']) expect(labels).toContain(label)
  })

  test('is broken where a long quiet span is compressed', () => {
    expect(withClass(drawPort({ claims: [claim()] }), 'timeline-break').length).toBeGreaterThan(0)
    expect(withClass(drawPort({ positions: PORT.positions.slice(2) }), 'timeline-break')).toEqual([])
  })
})

describe('the recorded days', () => {
  test('are ticks, one for each day', () => {
    const claims = ['2025-02-03T01:00:00Z', '2025-02-03T23:00:00Z', '2026-01-05T01:00:00Z'].map((recorded_at) =>
      claim({ recorded_at }),
    )
    expect(withClass(drawPort({ claims }), 'recorded-tick')).toHaveLength(3)
  })

  test('after the last day drawn do not squeeze the picture: they are counted behind its end', () => {
    const picture = drawPort({ claims: [claim({ recorded_at: '2094-01-01T00:00:00Z' })] })
    const bare = drawPort({ claims: [claim({ recorded_at: '2027-01-01T00:00:00Z' })] })
    expect(bars(picture).flatMap(parts)).toEqual(bars(bare).flatMap(parts))
    expect(allIn(picture).map(({ text }) => text)).toContain('1 later')
  })
})

describe('as markup', () => {
  test('every value is a number and every id is there once, for any input', () => {
    forAnyPicture((picture) => {
      expect(faultsOf(picture)).toEqual([])
    })
  })

  test('two pictures on one page have no id in common', () => {
    expect(faultsOf(drawPort(), drawPort({ until: '2026-11-22' }))).toEqual([])
  })

  test('a name is text and nothing else', () => {
    const name = `<script>alert("1")</script>&'`
    const markup = timeline({
      ...PORT,
      claims: [claim({ asserted_by: name }), claim({ asserted_by: name, stance: 'denies' })],
    })
    expect(markup?.markup).not.toContain('<script')
    expect(elementsNamed(readMarkup(markup?.markup ?? ''), 'text').map(({ text }) => text)).toContain(
      `\u2068${name}\u2069 `,
    )
  })

  test('it is an image whose words name every status with its means and its day', () => {
    forAnyPicture((picture, { positions }) => {
      const words = title(picture)
      expect(picture.children[0]?.attributes['role']).toBe('img')
      for (const { status, means, effective_on } of positions) {
        const by = means === null ? '' : ` (${meansLabel(means)})`
        expect(words).toContain(`${statusLabel(status)}${by} from ${formatPartialDate(effective_on)}`)
      }
    })
  })
})
