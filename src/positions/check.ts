import type { PresentRow } from '../agreements/present.ts'
import type { Unit } from '../database/unit.ts'
import { firstDay, formatPartialDate } from '../time/partial-date.ts'
import { AppError, type FieldErrors } from '../errors.ts'
import type { StatusChange } from './entry.ts'
import { type Position, positionOn } from '../standing/position.ts'
import { describeTransitionsFrom, findTransition } from './workflow.ts'
import { meansLabel, statusLabel } from '../words/status.ts'

/** What is wrong with a change of status: one message for each field, by the workflow and by what is recorded already. */
export async function wrongFields(
  unit: Unit,
  before: PresentRow,
  positions: Position[],
  change: StatusChange,
): Promise<FieldErrors> {
  const day = firstDay(change.effective_on)
  const from = positionOn(positions, day) ?? positions[0]
  const present = positionOn(positions, unit.today)
  const transition = findTransition(from?.status ?? before.status, change.status)
  if (!transition)
    return {
      status: `${statusLabel(change.status)} is not possible. ${describeTransitionsFrom(from?.status ?? before.status)}`,
    }
  const errors: FieldErrors = {}
  if (from && from.status === change.status && from.means === change.means) {
    errors['means'] =
      `It is ${statusLabel(change.status)}${change.means ? ` (${meansLabel(change.means)})` : ''} already: choose another status or other means`
  }
  if (transition.needs.includes('evidence') && change.claims.length === 0 && !change.source) {
    errors['claim'] = `To record ${statusLabel(change.status)}, choose at least one claim or enter a source`
  }
  if (transition.needs.includes('successor') && !change.new_party && !change.taken_over_by) {
    errors['new_party_name'] = 'Name the new party, or the agreement that takes over'
  }
  const foreign = await foreignClaims(unit, before.id, change.claims)
  if (foreign.length > 0)
    errors['claim'] = `Claim ${foreign.join(', ')} is not about ${before.reference}: choose from its own`
  const next = positions.find((position) => position.effective_day > day)
  if (next && !mayFollow(change, next)) {
    errors['effective_on'] =
      `${statusLabel(next.status)} from ${formatPartialDate(next.effective_on)} could not follow it: give a later day`
  }
  if (change.confirmed) return errors
  if (day > unit.today) {
    errors['confirm'] =
      `${formatPartialDate(change.effective_on)} is in the future. The status changes on that day; until then it stays ${statusLabel(before.status)}. Confirm, or change the day`
  } else if (present && day < present.effective_day) {
    errors['confirm'] =
      `${formatPartialDate(change.effective_on)} is before the position in effect since ${formatPartialDate(present.effective_on)}. It is recorded as an earlier position; the status stays ${statusLabel(present.status)}. Confirm, or change the day`
  }
  return errors
}

/** Whether a position that is there already may stand behind one that is recorded before it. */
function mayFollow(change: StatusChange, next: Position): boolean {
  const isSame = change.status === next.status && change.means === next.means
  return !isSame && findTransition(change.status, next.status) !== undefined
}

/** @throws AppError `invalid` with the messages, if there are any. */
export function refuse(errors: FieldErrors): void {
  const messages = Object.values(errors)
  if (messages.length > 0) throw new AppError('invalid', messages.join(' '), errors)
}

/** Which of some claims are not about an agreement. */
export async function foreignClaims(unit: Unit, agreementId: number, claims: readonly number[]): Promise<number[]> {
  if (claims.length === 0) return []
  const own = await unit.trx
    .selectFrom('claim_agreements')
    .select('claim_id')
    .where('agreement_id', '=', agreementId)
    .where('claim_id', 'in', claims)
    .execute()
  const ids = new Set(own.map(({ claim_id }) => claim_id))
  return claims.filter((claim) => !ids.has(claim))
}
