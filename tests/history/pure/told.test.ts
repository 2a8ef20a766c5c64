import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readTold } from '../../../src/history/told.ts'
import type { ChangeKind } from '../../../src/words/change-kind.ts'
import { STANCES } from '../../../src/words/claim.ts'
import { MEANS, STATUSES } from '../../../src/words/status.ts'

const read = (kind: ChangeKind, fields: object) => readTold(kind, JSON.stringify(fields))

describe('what older entries told in words is read as what it meant', () => {
  test.each([
    [{ position: 'Annulled from 2025-01' }, { status: 'annulled', means: null, effective_on: '2025-01' }],
    [
      { position: 'Reassigned (re-awarded) from 2025-07-13' },
      { status: 'reassigned', means: 're_awarded', effective_on: '2025-07-13' },
    ],
    [
      { position: 'Active (signed not in force) from 2019' },
      { status: 'active', means: 'signed_not_in_force', effective_on: '2019' },
    ],
    [{ position: 'Annulled (gone) from 2025' }, 'Annulled (gone) from 2025'],
    [{ position: 'Annulled from 2025-13' }, 'Annulled from 2025-13'],
  ])('%j', (fields, position) => expect(read('status_changed', fields)).toEqual({ position }))

  test.each([
    ['X says Active', { asserted_by: 'X', stance: 'asserts', status: 'active' }],
    ['X declines to confirm Under review', { asserted_by: 'X', stance: 'declines', status: 'under_review' }],
    [
      'He says no denies Active denies Annulled',
      { asserted_by: 'He says no denies Active', stance: 'denies', status: 'annulled' },
    ],
    ['two\nlines says Reassigned', { asserted_by: 'two\nlines', stance: 'asserts', status: 'reassigned' }],
    ['X doubts Active', 'X doubts Active'],
  ])('the claim “%s”', (words, claim) => expect(read('claim_withdrawn', { claim: words })).toEqual({ claim }))

  test('the number of an entry or a claim', () => {
    expect(read('position_corrected', { corrects: 'change 51' })).toEqual({ corrects: 51 })
    expect(read('edit_reverted', { reverts: 'change 7', title: 'claim 7' })).toEqual({ reverts: 7, title: 'claim 7' })
    expect(read('claim_tied', { repeats: 'claim 3' })).toEqual({ repeats: 3 })
    expect(read('claim_untied', { repeated: 'change 3' })).toEqual({ repeated: 'change 3' })
  })
})

test('what entries tell as data is read as it is', () => {
  const position = fc.record({
    status: fc.constantFrom(...STATUSES),
    means: fc.option(fc.constantFrom(...MEANS)),
    effective_on: fc.constantFrom('2019', '2019-01', '2019-01-24'),
  })
  const claim = fc.record({
    asserted_by: fc.string(),
    stance: fc.constantFrom(...STANCES),
    status: fc.constantFrom(...STATUSES),
  })
  fc.assert(
    fc.property(position, claim, fc.nat(), (told, said, number) => {
      const fields = { position: told, claim: said, corrects: number }
      expect(read('position_corrected', fields)).toEqual(fields)
    }),
  )
})

test('a claim that is recorded is told as a whole before its fields', () => {
  const fields = { stance: 'denies', status: 'annulled', asserted_by: 'X' }
  expect(Object.entries(read('claim_added', fields) ?? {})).toEqual([['claim', fields], ...Object.entries(fields)])
})

test.each(['null', '[1]', '5', '"words"'])('%s holds no fields', (json) => {
  expect(() => readTold('source_edited', json)).toThrow(TypeError)
})
