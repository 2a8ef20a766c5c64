import { idsInOrder } from '../database/ids.ts'
import type { Unit } from '../database/unit.ts'
import { addClaim } from '../claims/add-claim.ts'
import { type ChangedFields, difference, type ToldSource, type ToldStored } from '../history/change.ts'
import { findOrAddParty, type NewParty } from '../directories/party-commands.ts'
import { quoteSource, findOrAddSource } from '../sources/commands.ts'
import type { AgreementParts } from '../database/tables/agreements.ts'
import { partyTexts, relationTexts } from '../agreements/agreement.ts'
import type { StatusChange } from './entry.ts'
import { findAgreementId } from '../agreements/resolve.ts'
import { readParts } from '../agreements/parts.ts'
import type { PresentRow } from '../agreements/present.ts'
import type { NewPosition } from '../standing/position.ts'
import { refuse } from './check.ts'

/** Records the source that came with a change, and what somebody says in it; answers with what the position rests on. */
export async function recordEvidence(unit: Unit, { id, reference }: PresentRow, change: StatusChange) {
  if (!change.source) return { claims: change.claims, sources: [] }
  const source_id = await findOrAddSource(unit, change.source)
  if (change.asserted_by === null) return { claims: change.claims, sources: [source_id] }
  const claim = await addClaim(
    unit,
    {
      source_id,
      asserted_by: change.asserted_by,
      stance: 'asserts',
      status: change.status,
      means: change.means,
      effective_on: change.effective_on,
      said_on: change.source.published_on,
      credibility: null,
      note: null,
      scope: null,
      status_fit: 'exact',
    },
    [{ id, reference }],
  )
  return { claims: [...change.claims, claim], sources: [] }
}

/** What takes over from an agreement, entered with it: its parts now, and how the history tells it. */
export interface Succession {
  parts: AgreementParts
  changed: { before: ChangedFields; after: ChangedFields }
}

/** Enters who or what takes over; null when nothing was named. */
export async function recordSuccessor(
  unit: Unit,
  { id }: PresentRow,
  change: StatusChange,
): Promise<Succession | null> {
  if (change.taken_over_by === null && change.new_party === null) return null
  const before = await readParts(unit.trx, id)
  if (change.taken_over_by !== null) {
    const other_id = await findAgreementId(unit, change.taken_over_by, 'taken_over_by')
    if (other_id === id) refuse({ taken_over_by: 'An agreement cannot take over from itself: give another reference' })
    await unit.trx
      .insertInto('agreement_relations')
      .values({ agreement_id: id, kind: 'reassigned_to', other_id })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  if (change.new_party !== null) await recordNewParty(unit, id, change.new_party)
  const parts = await readParts(unit.trx, id)
  return {
    parts,
    changed: difference(successionFields(before), successionFields(parts)) ?? { before: {}, after: {} },
  }
}

async function recordNewParty(unit: Unit, id: number, party: NewParty): Promise<void> {
  const party_id = await findOrAddParty(unit, party, { type: 'new_party_type', country: 'new_party_country' })
  const taking_part = await unit.trx
    .selectFrom('agreement_parties')
    .select(['party_id', 'position'])
    .where('agreement_id', '=', id)
    .execute()
  if (taking_part.some((row) => row.party_id === party_id)) return
  const position = Math.max(0, ...taking_part.map((row) => row.position)) + 1
  await unit.trx
    .insertInto('agreement_parties')
    .values({ agreement_id: id, position, party_id, role: 'successor' })
    .execute()
}

function successionFields(parts: AgreementParts): ChangedFields {
  return { parties: partyTexts(parts), relations: relationTexts(parts) }
}

/** The rows that a position rests on, as an entry tells them. */
export function restsOn({ claims, sources }: NewPosition): ToldStored {
  return { claims: idsInOrder(claims), sources: idsInOrder(sources) }
}

/** The sources that a position rests on, as the history quotes them. */
export async function quoteEvidence(unit: Unit, { claims, sources }: NewPosition): Promise<ToldSource[]> {
  const cited =
    claims.length === 0
      ? []
      : await unit.trx.selectFrom('claims').select('source_id').where('id', 'in', claims).orderBy('id').execute()
  const ids = new Set([...cited.map(({ source_id }) => source_id), ...sources])
  return Promise.all([...ids].map((id) => quoteSource(unit, id)))
}
