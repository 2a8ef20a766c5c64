import type { User } from '../accounts/user.ts'
import type { Trx } from '../database/schema.ts'
import { inUnit, type Unit, type UnitContext } from '../database/unit.ts'
import { firstDay, formatPartialDate } from '../time/partial-date.ts'
import { invalidField } from '../errors.ts'
import { filled } from '../history/change.ts'
import { recordChange } from '../history/record.ts'
import { fold } from '../names/name.ts'
import type { AgreementFacts, AgreementParts } from '../database/tables/agreements.ts'
import { referenceSort } from '../names/reference.ts'
import { listColumns, partsDigest, portrait, referenceStem } from './agreement.ts'
import type { AgreementEntry, FirstPosition } from './entry.ts'
import { insertParts, nameParts, type NewParts } from './parts.ts'
import { insertPosition } from '../standing/position.ts'
import { resolveEntry } from './resolve.ts'
import { recordVersion } from './version.ts'

/**
 * Enters an agreement with its first position and gives it its reference.
 * @throws AppError `invalid`, naming the field.
 */
export async function createAgreement(
  context: UnitContext,
  actor: User,
  entry: AgreementEntry,
  position: FirstPosition,
  { confirmed }: { confirmed: boolean },
): Promise<{ id: number; reference: string }> {
  return inUnit(context, actor, async (unit) => {
    if (firstDay(position.effective_on) > unit.today && !confirmed) {
      throw invalidField(
        'confirm',
        `${formatPartialDate(position.effective_on)} is in the future. Confirm, or change the day`,
      )
    }
    return addAgreement(unit, entry.facts, await resolveEntry(unit, entry), position)
  })
}

/** Enters an agreement in the unit under way; `sources` are those that it was entered from. */
export async function addAgreement(
  unit: Unit,
  facts: AgreementFacts,
  newParts: NewParts,
  position: FirstPosition,
  sources: readonly number[] = [],
): Promise<{ id: number; reference: string }> {
  const parts = await nameParts(unit.trx, newParts)
  const reference = await nextReference(unit.trx, referenceStem(parts, facts.signed_on))
  const id = await insertAgreement(unit, reference, facts, parts, position)
  await insertParts(unit.trx, id, parts)
  if (sources.length > 0) {
    await unit.trx
      .insertInto('agreement_sources')
      .values(sources.map((source_id) => ({ agreement_id: id, source_id })))
      .execute()
  }
  const { status, means, effective_on } = position
  const change = await recordChange(unit, {
    kind: 'agreement_created',
    subject: `agreement:${id}`,
    agreement: id,
    version: 1,
    after: filled({
      reference,
      ...portrait(facts, parts),
      status,
      means,
      status_since: effective_on,
      effective_on,
      stored: { parts: partsDigest(parts), ...(sources.length > 0 ? { sources } : {}) },
    }),
    reason: position.reason,
  })
  await insertPosition(unit, id, { ...position, claims: [], sources: [] }, { change })
  await recordVersion(unit, { id, version: 1 }, parts)
  return { id, reference }
}

async function insertAgreement(
  unit: Unit,
  reference: string,
  facts: AgreementFacts,
  parts: AgreementParts,
  { status, means, effective_on }: FirstPosition,
): Promise<number> {
  const { id } = await unit.trx
    .insertInto('agreements')
    .values({
      ...facts,
      ...listColumns(parts),
      reference,
      reference_sort: referenceSort(reference),
      title_sort: fold(facts.title),
      status,
      means,
      status_since: effective_on,
      contested: 0,
      version: 1,
      created_at: unit.at,
      updated_at: unit.at,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** The next running number of a stem. Agreements are never deleted, so no number is given twice. */
async function nextReference(trx: Trx, stem: string): Promise<string> {
  const taken = await trx
    .selectFrom('agreements')
    .select('reference')
    .where('reference', '>', `${stem}-`)
    .where('reference', '<', `${stem}.`)
    .execute()
  const numbers = taken.map(({ reference }) => Number(reference.slice(stem.length + 1)))
  return `${stem}-${Math.max(0, ...numbers) + 1}`
}
