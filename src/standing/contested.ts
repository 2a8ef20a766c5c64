import type { Status } from '../words/status.ts'
import { comparePartialDates, firstDay, type PartialDate } from '../time/partial-date.ts'
import type { Stance } from '../words/claim.ts'

/** Sorts behind every day. */
const NEVER = 'never'

interface StandingPosition {
  status: Status
  effective_on: PartialDate
}

/** A claim with the first day on which it counts; empty when it counts from the beginning. */
export interface DatedClaim {
  stance: Stance
  status: Status
  effective_on: PartialDate | null
  counts_from: string
}

/**
 * Whether a standing claim contradicts the register's position (`docs/workflow.md`). A denial of the position's status does from
 * the position's day of effect on: when it counts from then or later, when the day of effect that it denies is then or later, or
 * when it has no day at all. Another status does when its day of effect is later than the position's; where none is given, the day
 * from which the claim counts stands for it, and the beginning is later than nothing. `active` does not contradict `under_review`:
 * what is examined is still in force. Partial days compare by the first day that they can mean: `2025-01` is 1 January 2025 on
 * either side.
 */
export function contradicts(claim: DatedClaim, position: StandingPosition): boolean {
  if (claim.stance === 'declines') return false
  if (claim.stance === 'denies') return claim.status === position.status && isDeniedSince(claim, position)
  if (claim.status === position.status) return false
  if (claim.status === 'active' && position.status === 'under_review') return false
  return claim.effective_on === null
    ? claim.counts_from > firstDay(position.effective_on)
    : comparePartialDates(claim.effective_on, position.effective_on) > 0
}

/** What was denied before the position began was something else. */
function isDeniedSince({ counts_from, effective_on }: DatedClaim, position: StandingPosition): boolean {
  if (counts_from === '' || counts_from >= firstDay(position.effective_on)) return true
  return effective_on !== null && comparePartialDates(effective_on, position.effective_on) >= 0
}

/** The days that a claim has: of its own, and its source's. */
interface ClaimDays {
  said_on: PartialDate | null
  published_on: PartialDate | null
  effective_on: PartialDate | null
}

/** The day by which a claim takes its place: that on which it was said, else its source's publication, else its day of effect. */
export function dayOfClaim({ said_on, published_on, effective_on }: ClaimDays): PartialDate | null {
  return said_on ?? published_on ?? effective_on
}

/**
 * The first day (`YYYY-MM-DD`) on which a claim counts, which is the first that its day can mean; without any, the beginning (empty,
 * which is before every day). In SQL it is `countsFromIn`.
 */
export function countsFrom(claim: ClaimDays): string {
  const date = dayOfClaim(claim)
  return date === null ? '' : firstDay(date)
}

/**
 * Whether a position is contested on a day: some claim that was said by then contradicts it. The claims are those recorded,
 * not withdrawn and not settled.
 */
export function isContested(position: StandingPosition, claims: readonly DatedClaim[], day: string): boolean {
  return contestedFrom(position, claims) <= day
}

/** The first day on which a position is contested, were it in effect then; `never` is behind every day. */
export function contestedFrom(position: StandingPosition, claims: readonly DatedClaim[]): string {
  let first = NEVER
  for (const claim of claims) if (claim.counts_from < first && contradicts(claim, position)) first = claim.counts_from
  return first
}
