import { sourceLabel } from '../words/source.ts'
import { gradeOf } from '../words/claim.ts'
import { contradicts } from '../standing/contested.ts'
import type { ListedClaim } from './queries.ts'

/** Where the register stands on the day that is looked at. */
export type Held = Parameters<typeof contradicts>[1] & { day: string }

/** A claim as every page shows it. */
export function shownClaim(claim: ListedClaim, { day, ...held }: Held) {
  const against = claim.counts_from <= day && contradicts(claim, held)
  return {
    ...claim,
    said: claim.said_on ?? claim.published_on,
    grade: gradeOf(claim),
    sourceLabel: sourceLabel({ ...claim, title: claim.source_title }),
    /** It contradicts where the register stands, and nobody has settled it. */
    against: against && claim.settled_at === null,
    settled: against && claim.settled_at !== null,
  }
}
export type ShownClaim = ReturnType<typeof shownClaim>

/** One statement: the claim that made it, and those that repeat it. */
export interface Statement {
  claim: ShownClaim
  copies: ShownClaim[]
}

/** Claims put together by the statement that they repeat, in the order of the first of each. */
export function statementsOf(claims: readonly ShownClaim[]): Statement[] {
  const groups = new Map<number, ShownClaim[]>()
  for (const claim of claims) groups.set(claim.statement_id, [...(groups.get(claim.statement_id) ?? []), claim])
  return [...groups].flatMap(([statement, group]) => {
    const claim = group.find(({ id }) => id === statement) ?? group[0]
    return claim ? [{ claim, copies: group.filter((one) => one !== claim) }] : []
  })
}
