import type { Status } from '../words/status.ts'
import type { Unit } from '../database/unit.ts'
import { AppError } from '../errors.ts'
import { recordChange } from '../history/record.ts'
import { refuseSeen } from '../history/seen.ts'
import { recordStanding } from '../standing/record.ts'
import type { CoveredAgreement } from './add-claim.ts'
import type { Stance } from '../words/claim.ts'

/** Why a claim is withdrawn, settled, reopened or tied, and the newest change of it that the form was opened with. */
export interface Decision {
  reason: string
  seen: number
}

/** A claim with the agreements that it is about. */
export interface StandingClaim {
  id: number
  asserted_by: string
  stance: Stance
  status: Status
  agreements: CoveredAgreement[]
}

/** A claim with its agreements, or undefined. */
export async function readClaim(unit: Unit, id: number) {
  const claim = await unit.trx
    .selectFrom('claims')
    .select(['id', 'asserted_by', 'stance', 'status', 'withdrawn_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!claim) return undefined
  const agreements = await unit.trx
    .selectFrom('claim_agreements')
    .innerJoin('agreements', 'agreements.id', 'claim_agreements.agreement_id')
    .select(['agreements.id', 'reference'])
    .where('claim_id', '=', id)
    .orderBy('agreements.id')
    .execute()
  return { ...claim, agreements }
}

/**
 * A claim that can be decided about.
 * @throws AppError `not_found`, `conflict` when it was changed since the form was opened, `invalid` when it is withdrawn.
 */
export async function readStandingClaim(unit: Unit, id: number, seen: number): Promise<StandingClaim> {
  const claim = await readClaim(unit, id)
  if (!claim) throw new AppError('not_found', `There is no claim ${id}.`)
  await refuseSeen(unit, `claim:${id}`, seen)
  if (claim.withdrawn_at !== null)
    throw new AppError('invalid', 'This claim is withdrawn: record it again instead.', {
      '': 'This claim is withdrawn: record it again instead',
    })
  return claim
}

/** Records a decision about a claim, and works out anew where its agreements stand. */
export async function recordAbout(
  unit: Unit,
  { id, asserted_by, stance, status, agreements }: StandingClaim,
  kind: 'claim_withdrawn' | 'claim_settled' | 'claim_reopened' | 'claim_tied' | 'claim_untied',
  reason: string | null,
  more: { repeats?: number; repeated?: number } = {},
): Promise<void> {
  await recordChange(unit, {
    kind,
    subject: `claim:${id}`,
    ...(agreements.length === 1 && agreements[0] ? { agreement: agreements[0].id } : {}),
    after: {
      claim: { asserted_by, stance, status },
      agreements: agreements.map(({ reference }) => reference),
      ...more,
    },
    reason,
  })
  if (kind === 'claim_tied' || kind === 'claim_untied') return
  for (const agreement of agreements) await recordStanding(unit, agreement.id)
}
