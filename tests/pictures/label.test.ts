import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clipLabel, isolated, labelWidth } from '../../src/pictures/label.ts'
import { anyName } from './arbitraries.ts'

describe('a clipped label', () => {
  test('fits its room', () => {
    fc.assert(
      fc.property(anyName, fc.integer({ min: 20, max: 300 }), (name, room) => {
        expect(labelWidth(clipLabel(name, room, 12), 12)).toBeLessThanOrEqual(room)
      }),
    )
  })

  test('is the beginning of the text, cut between letters, never inside one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 30, maxLength: 200 }), (name) => {
        const line = name.replace(/\s+/g, ' ').trim()
        const kept = clipLabel(name, 100, 12).replace(/…$/, '')
        const letters = Array.from(new Intl.Segmenter('und').segment(line), ({ segment }) => segment)
        const starts = letters.map((_, index) => letters.slice(0, index).join('').trimEnd())
        expect([...starts, line]).toContain(kept)
      }),
    )
  })

  test('ends at a word where that keeps most of it', () => {
    expect(clipLabel('Sources in the Syrian Ministry of Information', 150, 12)).toBe('Sources in the Syrian…')
    expect(clipLabel('Отделение Rechtsschutzversicherungsgesellschaften', 150, 12)).toMatch(/^Отделение Rech\p{L}+…$/u)
  })

  test('is the whole text on one line where there is room', () => {
    expect(clipLabel('  Riad\n Joudy ', 150, 12)).toBe('Riad Joudy')
    expect(clipLabel('', 150, 12)).toBe('')
  })
})

describe('an isolated name', () => {
  test('cannot turn the direction of what follows it', () => {
    expect(isolated('abc\u202Edef\u2069')).toBe('\u2068abcdef\u2069')
  })
})

test('marks above and below letters take no width, full-width letters more than others', () => {
  expect(labelWidth('e\u0301', 10)).toBe(labelWidth('e', 10))
  expect(labelWidth('港', 10)).toBeGreaterThan(labelWidth('m', 10))
})
