import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareReferences, referenceSort } from '../../src/names/reference.ts'

const IN_ORDER = [
  'AUS-CHN-2015-1',
  'RUS-SYR-2019-1',
  'RUS-SYR-2019-2',
  'RUS-SYR-2019-10',
  'RUS-SYR-2019-100',
  'RUS-SYR-2020-1',
  'RUS-SYR-ND-1',
  'RUS-SYR-ND-2',
  'RUS-SYR-ND-11',
  // Two states come whole before the same with a third, whatever its letters are.
  'RUS-SYR-MLI-2019-1',
  'RUS-SYR-TUR-2019-1',
  'RUS-TUR-1992-1',
  'ZZZ-2019-3',
]

const anyReference = fc
  .record({
    states: fc.array(fc.constantFrom('ARE', 'FRA', 'NDA', 'RUS', 'SYR'), { minLength: 1, maxLength: 3 }),
    year: fc.constantFrom('1968', '2019', '2025', 'ND'),
    number: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 999_999_999 })),
  })
  .map(({ states, year, number }) => ({ states: states.join('-'), year, number }))

describe('references', () => {
  test('sort by their states, their year, then their number as a number', () => {
    const shuffled = IN_ORDER.toSorted((a, b) => (a.slice(5) < b.slice(5) ? 1 : -1)).map((reference) => ({ reference }))
    expect(shuffled.toSorted(compareReferences).map(({ reference }) => reference)).toEqual(IN_ORDER)
  })

  test('compare as their parts do, byte by byte', () => {
    fc.assert(
      fc.property(anyReference, anyReference, (a, b) => {
        const text = ({ states, year, number }: typeof a) => referenceSort(`${states}-${year}-${number}`)
        const expected =
          a.states === b.states
            ? a.year === b.year
              ? Math.sign(a.number - b.number)
              : Math.sign(Buffer.compare(Buffer.from(a.year), Buffer.from(b.year)))
            : Math.sign(Buffer.compare(Buffer.from(a.states), Buffer.from(b.states)))
        expect(Math.sign(Buffer.compare(Buffer.from(text(a)), Buffer.from(text(b))))).toBe(expected)
      }),
    )
  })

  test('what is none sorts as it is', () => {
    expect(referenceSort('register')).toBe('register')
  })
})
