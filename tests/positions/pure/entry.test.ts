import { describe, expect, test } from 'vitest'
import { changeForm } from '../../../src/positions/change-form.ts'
import { correctionForm } from '../../../src/positions/correct-form.ts'
import { correction, statusChange } from '../../../src/positions/entry.ts'
import { faults } from '../../support/entries.ts'

const REVIEW = { status: 'under_review', effective_on: '2026-11', reason: 'Agreed by both sides.', version: 3 }
const HANDOVER = { ...REVIEW, status: 'reassigned' }
const UNNAMED = 'source.title: Give the source’s title, publisher or address'

describe('what a change of status may hold', () => {
  test('is where the agreement stands, why, and on what it rests', () => {
    expect(statusChange.parse({ ...REVIEW, means: 'joint_review', claims: [4, 5] })).toEqual({
      status: 'under_review',
      means: 'joint_review',
      effective_on: '2026-11',
      reason: 'Agreed by both sides.',
      claims: [4, 5],
      source: null,
      asserted_by: null,
      new_party: null,
      taken_over_by: null,
      version: 3,
      confirmed: false,
    })
  })

  test('is who takes over, with the country by any of its codes', () => {
    const new_party = { name: 'DP World', type: 'company', country: 'ARE' }
    expect(statusChange.parse({ ...HANDOVER, new_party }).new_party).toEqual({ ...new_party, country: 'AE' })
  })

  test.each([
    [{ ...REVIEW, status: 'lost' }, /^status: “lost” is not a status/],
    [{ ...REVIEW, means: 'x' }, /^means: “x” is not a means/],
    [{ ...REVIEW, means: 'terminated' }, /^means: .* is not a means of Under review/],
    [{ ...REVIEW, effective_on: null }, 'effective_on: Give the day since which it is so'],
    [{ ...REVIEW, effective_on: '2026-11-31' }, /^effective_on: “2026-11-31” is not a date/],
    [{ ...REVIEW, reason: '' }, /^reason: Say why/],
    [{ ...REVIEW, version: undefined }, 'version: must be the version that it is decided on'],
    [{ ...REVIEW, version: 0 }, 'version: must be a version from 1'],
    [{ ...REVIEW, claims: 4 }, 'claims: must be a list'],
    [{ ...REVIEW, claims: [4, -1] }, 'claims.1: is not a claim: give its number'],
    [{ ...REVIEW, claims: Array.from({ length: 201 }, () => 4) }, 'claims: is too long: give at most 200'],
    [{ ...REVIEW, confirmed: 'yes' }, 'confirmed: must be true or false'],
    [{ ...REVIEW, source: { published_on: '2025' } }, UNNAMED],
    [{ ...REVIEW, asserted_by: 'A minister' }, UNNAMED],
    [{ ...REVIEW, source: { url: 'x' } }, /^source\.url: is not a web address/],
    [{ ...REVIEW, new_party: { name: 'DP World', type: 'company' } }, /^new_party: Belongs to Reassigned only/],
    [{ ...REVIEW, taken_over_by: 'ARE-SYR-2025-2' }, /^taken_over_by: Belongs to Reassigned only/],
    [{ ...HANDOVER, new_party: { type: 'company' } }, 'new_party.name: Name the new party'],
    [{ ...HANDOVER, new_party: { name: 'DP World' } }, /^new_party\.type: Choose what each party is/],
    [{ ...HANDOVER, new_party: { name: 'A', type: 'state', country: 'QQ' } }, /^new_party\.country: “QQ” is not/],
    [{ ...REVIEW, colour: 'red' }, ': Unknown field colour: leave it out'],
  ])('is not %j', (given, told) => {
    expect(faults(statusChange, given)).toEqual([typeof told === 'string' ? told : expect.stringMatching(told)])
  })

  test('is the same from a form', () => {
    const form = {
      ...HANDOVER,
      version: '3',
      claim: ['4', '5', '4', ''],
      source_title: 'Port report',
      asserted_by: 'A minister',
      new_party_name: 'DP World',
      new_party_type: 'company',
      new_party_country: 'ae',
      confirm: 'yes',
    }
    const object = {
      ...HANDOVER,
      claims: [4, 5],
      source: { title: 'Port report' },
      asserted_by: 'A minister',
      new_party: { name: 'DP World', type: 'company', country: 'AE' },
      confirmed: true,
    }
    expect(changeForm.parse(form)).toEqual(statusChange.parse(object))
  })

  test('is told in the fields of the form', () => {
    const form = { ...REVIEW, version: '3', effective_on: '', asserted_by: 'A minister', new_party_name: 'A' }
    expect(faults(changeForm, { ...form, new_party_country: 'QQ' }).map((fault) => fault.split(':')[0])).toEqual([
      'effective_on',
      'new_party_name',
      'source_title',
      'new_party_type',
      'new_party_country',
    ])
  })
})

describe('what a correction may hold', () => {
  test.each([
    [{ ...REVIEW, effective_on: undefined }, 'effective_on: Give the day since which it is so'],
    [{ ...REVIEW, means: 'terminated' }, /^means: .* is not a means of Under review/],
    [{ ...REVIEW, reason: null }, 'reason: Say what was wrong, and how it is known'],
    [{ ...REVIEW, source: {} }, UNNAMED],
    [{ ...REVIEW, new_party: null }, ': Unknown field new_party: leave it out'],
  ])('is not %j', (given, told) => {
    expect(faults(correction, given)).toEqual([typeof told === 'string' ? told : expect.stringMatching(told)])
  })

  test('is the same from a form', () => {
    expect(
      correctionForm.parse({ ...REVIEW, version: '3', claim: '4', source_url: 'https://gazette.example/1' }),
    ).toEqual(correction.parse({ ...REVIEW, claims: [4], source: { url: 'https://gazette.example/1' } }))
    expect(faults(correctionForm, { ...REVIEW, version: '3', source_published_on: '2025' })).toEqual([
      'source_title: Give the source’s title, publisher or address',
    ])
  })
})
