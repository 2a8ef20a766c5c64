import { describe, expect, test } from 'vitest'
import { type Status, STATUSES } from '../../../src/words/status.ts'
import { HAPPENED, type Happened, happenedLabel, whatHappened } from '../../../src/compare/happened.ts'

const EXPECTED: Record<'none' | Status, Record<Status, Happened>> = {
  none: { active: 'entered', under_review: 'entered', annulled: 'entered', reassigned: 'entered' },
  active: {
    active: 'other_means',
    under_review: 'opened_for_review',
    annulled: 'annulled',
    reassigned: 'reassigned',
  },
  under_review: {
    active: 'confirmed',
    under_review: 'other_means',
    annulled: 'annulled',
    reassigned: 'reassigned',
  },
  annulled: {
    active: 'reinstated',
    under_review: 'opened_for_review',
    annulled: 'other_means',
    reassigned: 'reassigned',
  },
  reassigned: {
    active: 'reinstated',
    under_review: 'opened_for_review',
    annulled: 'annulled',
    reassigned: 'other_means',
  },
}

describe('what happened between two days', () => {
  for (const before of [null, ...STATUSES]) {
    for (const after of STATUSES) {
      const happened = EXPECTED[before ?? 'none'][after]
      test(`to what stood ${before ?? 'not at all'} and then ${after}: ${happened}`, () => {
        expect(whatHappened(before, after)).toBe(happened)
      })
    }
  }

  test('is one of a list that tells each once, in the order of a life', () => {
    expect(HAPPENED).toEqual([
      'entered',
      'opened_for_review',
      'confirmed',
      'annulled',
      'reassigned',
      'reinstated',
      'other_means',
    ])
    const told = new Set(Object.values(EXPECTED).flatMap((row) => Object.values(row)))
    expect([...told].toSorted()).toEqual([...HAPPENED].toSorted())
  })

  test('has a heading of its own for each, which reads as a sentence about agreements', () => {
    const labels = HAPPENED.map(happenedLabel)
    expect(new Set(labels).size).toBe(HAPPENED.length)
    for (const label of labels) expect(label).toMatch(/^[A-Z][a-z]+( [a-z]+)*$/)
  })
})
