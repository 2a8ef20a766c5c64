import { describe, expect, test } from 'vitest'
import { claimEntry } from '../../../src/claims/entry.ts'
import { claimForm } from '../../../src/claims/form.ts'
import { faults } from '../../support/entries.ts'

const DENIAL = { stance: 'denies', status: 'annulled', asserted_by: 'Ministry of Transport', source: 7 }

describe('what a claim may hold', () => {
  test('is what was said, by whom, and where', () => {
    expect(claimEntry.parse({ ...DENIAL, said_on: '2025-02-10', credibility: 2, repeats: 3 })).toEqual({
      claim: {
        stance: 'denies',
        status: 'annulled',
        means: null,
        effective_on: null,
        said_on: '2025-02-10',
        asserted_by: 'Ministry of Transport',
        note: null,
        scope: null,
        credibility: 2,
        status_fit: 'exact',
      },
      source: 7,
      repeats: 3,
    })
  })

  test('is said in a new source, with all that is entered of one', () => {
    const { source } = claimEntry.parse({ ...DENIAL, source: null, new_source: { title: 'Port report' } })
    expect(source).toMatchObject({ title: 'Port report', url: null, reliability: null })
  })

  test.each([
    [{ ...DENIAL, stance: 'doubts' }, /^stance: “doubts” is not a stance/],
    [{ ...DENIAL, stance: undefined }, /^stance: Choose a stance/],
    [{ ...DENIAL, status: 'lost' }, /^status: “lost” is not a status/],
    [{ ...DENIAL, means: 'treaty_of_old' }, /^means: /],
    [{ ...DENIAL, means: 'joint_review' }, /^means: .* is not a means of Annulled/],
    [{ ...DENIAL, effective_on: '2025-13' }, /^effective_on: “2025-13” is not a date/],
    [{ ...DENIAL, said_on: true }, 'said_on: must be text'],
    [{ ...DENIAL, asserted_by: ' ' }, 'asserted_by: Say who said it: a person, a body, or the publication itself'],
    [{ ...DENIAL, note: 'a\u0000b' }, 'note: holds a control character: type it again without'],
    [{ ...DENIAL, scope: 'x'.repeat(501) }, /^scope: is 501 characters long/],
    [{ ...DENIAL, credibility: 7 }, 'credibility: is not a credibility: give a figure from 1 to 6'],
    [{ ...DENIAL, credibility: '2' }, 'credibility: is not a credibility: give a figure from 1 to 6'],
    [{ ...DENIAL, status_fit: 'loose' }, /^status_fit: “loose” is not an answer/],
    [{ ...DENIAL, repeats: 0 }, 'repeats: is not a claim: give its number'],
    [{ ...DENIAL, source: '7' }, 'source: is not a source: give its number'],
    [{ ...DENIAL, source: null }, /^new_source: Choose a source that is recorded already/],
    [{ ...DENIAL, new_source: { title: 'Report' } }, /^source: Give its number or enter a new source/],
    [{ ...DENIAL, source: null, new_source: {} }, 'new_source.title: Give the source’s title, publisher or address'],
    [{ ...DENIAL, source: null, new_source: { url: 'x' } }, /^new_source\.url: is not a web address/],
    [{ ...DENIAL, colour: 'red' }, ': Unknown field colour: leave it out'],
  ])('is not %j', (given, told) => {
    expect(faults(claimEntry, given)).toEqual([typeof told === 'string' ? told : expect.stringMatching(told)])
  })

  test('is the same from a form', () => {
    const said = { stance: 'denies', status: 'annulled', asserted_by: 'Ministry of Transport', said_on: '2025-02-10' }
    expect(claimForm.parse({ ...said, credibility: '2', source: '7', repeats: '', note: '' })).toEqual(
      claimEntry.parse({ ...said, credibility: 2, source: 7 }),
    )
    expect(claimForm.parse({ ...said, source_title: 'Port report', source_lang: 'ar' })).toEqual(
      claimEntry.parse({ ...said, new_source: { title: 'Port report', lang: 'ar' } }),
    )
    expect(faults(claimForm, said)).toEqual([expect.stringMatching(/^source_title: Choose a source/)])
  })
})
