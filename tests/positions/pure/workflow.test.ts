import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  describeTransitionsFrom,
  findTransition,
  TRANSITIONS,
  transitionsFrom,
} from '../../../src/positions/workflow.ts'
import { isMeansOf, isStatus, MEANS, MEANS_OF, meansLabel, STATUSES, statusLabel } from '../../../src/words/status.ts'

/** Section 3 of the design, typed once more on purpose: the table must not drift unseen. */
const WORKFLOW = `
active under_review Open review
active annulled Annul evidence
active reassigned Reassign evidence successor
under_review active Confirm
under_review annulled Annul evidence
under_review reassigned Reassign evidence successor
annulled under_review Reopen
annulled reassigned Reassign evidence successor
annulled active Reinstate evidence
reassigned under_review Reopen
reassigned annulled Annul evidence`

describe('the workflow', () => {
  test('has exactly the moves of the design', () => {
    const lines = TRANSITIONS.map(({ from, to, label, needs }) => [from, to, label, ...needs].join(' '))
    expect(lines).toEqual(WORKFLOW.trim().split('\n'))
  })

  test('knows no other move between two statuses', () => {
    for (const from of STATUSES) {
      for (const to of STATUSES) {
        const isListed = WORKFLOW.includes(`\n${from} ${to} `)
        expect(findTransition(from, to) !== undefined, `${from} to ${to}`).toBe(isListed || from === to)
      }
    }
    expect(findTransition('reassigned', 'active')).toBeUndefined()
  })

  test('lets a status stay by other means, without special needs', () => {
    expect(findTransition('active', 'active')).toEqual({
      from: 'active',
      to: 'active',
      label: 'Change means',
      needs: [],
    })
  })

  test('says what is allowed from a status', () => {
    expect(transitionsFrom('reassigned').map(({ label }) => label)).toEqual(['Reopen', 'Annul'])
    expect(describeTransitionsFrom('reassigned')).toBe(
      'From Reassigned it can become Under review (Reopen), Annulled (Annul), or stay Reassigned by other means.',
    )
  })

  test('is in the documentation, move by move', () => {
    const text = readFileSync(new URL('../../../docs/workflow.md', import.meta.url), 'utf8').replaceAll(/ +/g, ' ')
    for (const { from, to, label } of TRANSITIONS)
      expect(text).toContain(`| ${statusLabel(from)} | ${statusLabel(to)} | ${label} |`)
  })
})

describe('the words', () => {
  test('means belong to one status each', () => {
    expect(new Set(MEANS).size).toBe(MEANS.length)
    expect(MEANS).toHaveLength(23)
    expect(isMeansOf('annulled', 'denounced')).toBe(true)
    expect(isMeansOf('active', 'denounced')).toBe(false)
    for (const status of STATUSES) expect(MEANS_OF[status].every((means) => MEANS.includes(means))).toBe(true)
  })

  test('are shown as readers write them', () => {
    expect(STATUSES.map(statusLabel)).toEqual(['Active', 'Under review', 'Annulled', 'Reassigned'])
    expect([meansLabel('re_awarded'), meansLabel('signed_not_in_force')]).toEqual(['re-awarded', 'signed not in force'])
  })

  test('a status is one of four', () => {
    expect(isStatus('under_review')).toBe(true)
    expect(isStatus('Under review')).toBe(false)
  })
})
