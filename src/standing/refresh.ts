import type { Unit } from '../database/unit.ts'
import { recordStanding } from './record.ts'

/** Works out anew where the agreements of a source's claims stand, after the source has changed. */
export async function refreshClaimsOf(unit: Unit, sourceId: number): Promise<void> {
  const agreements = await unit.trx
    .selectFrom('claims')
    .innerJoin('claim_agreements', 'claim_agreements.claim_id', 'claims.id')
    .select('agreement_id')
    .distinct()
    .where('source_id', '=', sourceId)
    .where('said_on', 'is', null)
    .orderBy('agreement_id')
    .execute()
  for (const { agreement_id } of agreements) await recordStanding(unit, agreement_id)
}
