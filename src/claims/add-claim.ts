import type { Means, Status } from '../words/status.ts'
import type { Unit } from '../database/unit.ts'
import type { PartialDate } from '../time/partial-date.ts'
import { filled } from '../history/change.ts'
import { recordChange } from '../history/record.ts'
import { quoteSource } from '../sources/commands.ts'
import { recordStanding } from '../standing/record.ts'
import type { Stance } from '../words/claim.ts'

export interface NewClaim {
  source_id: number
  asserted_by: string
  stance: Stance
  status: Status
  means: Means | null
  effective_on: PartialDate | null
  said_on: PartialDate | null
  credibility: number | null
  note: string | null
  scope: string | null
  status_fit: 'exact' | 'approximate'
}

export interface CoveredAgreement {
  id: number
  reference: string
}

/** Records what somebody said about one or many agreements. It moves no position. Its id. */
export async function addClaim(unit: Unit, claim: NewClaim, agreements: readonly CoveredAgreement[]): Promise<number> {
  const { id } = await unit.trx
    .insertInto('claims')
    .values({ ...claim, recorded_at: unit.at, recorded_by: unit.actor, withdrawn_at: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  for (const agreement of agreements) {
    await unit.trx.insertInto('claim_agreements').values({ claim_id: id, agreement_id: agreement.id }).execute()
  }
  const { asserted_by, stance, status, means, effective_on, said_on, credibility, note, scope, status_fit } = claim
  await recordChange(unit, {
    kind: 'claim_added',
    subject: `claim:${id}`,
    ...(agreements.length === 1 && agreements[0] ? { agreement: agreements[0].id } : {}),
    after: filled({
      stance,
      status,
      means,
      effective_on,
      said_on,
      asserted_by,
      credibility,
      note,
      scope,
      agreements: agreements.map(({ reference }) => reference),
      sources: [await quoteSource(unit, claim.source_id)],
      stored: { status_fit },
    }),
  })
  for (const agreement of agreements) await recordStanding(unit, agreement.id)
  return id
}
