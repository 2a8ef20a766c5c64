import type { Status } from '../agreements/status.ts'
import { comparePartialDates, type PartialDate } from '../dates/partial-date.ts'
import type { Stance } from './claim.ts'

interface StandingPosition {
  status: Status
  effective_on: PartialDate
}

interface StandingClaim {
  stance: Stance
  status: Status
  effective_on: PartialDate | null
}

/**
 * Whether a standing claim contradicts the register's position: it denies the position's status, or asserts
 * another one with a later day of effect. `active` does not contradict `under_review`: what is examined is still in force.
 */
export function contradicts(claim: StandingClaim, position: StandingPosition): boolean {
  if (claim.stance === 'declines') return false
  if (claim.stance === 'denies') return claim.status === position.status
  if (claim.status === position.status) return false
  if (claim.status === 'active' && position.status === 'under_review') return false
  return claim.effective_on !== null && comparePartialDates(claim.effective_on, position.effective_on) > 0
}
