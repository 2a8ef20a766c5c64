import type { User } from '../accounts/user.ts'
import type { Trx } from '../database/schema.ts'
import { inUnit, type Unit, type UnitContext } from '../database/unit.ts'
import type { PartialDate } from '../dates/partial-date.ts'
import { filled } from '../history/change.ts'
import { recordChange } from '../history/record.ts'
import { fold } from '../names/name.ts'
import { type AgreementFacts, type AgreementParts, listColumns, portrait, referenceStem } from './agreement.ts'
import { type AgreementEntry, resolveEntry } from './entry.ts'
import { insertParts, type NewParts, readParts } from './parts.ts'
import { insertPosition } from './positions.ts'
import { reindexAgreement } from './search-text.ts'
import type { Means, Status } from './status.ts'
import { keepVersion } from './version.ts'

/** Where an agreement stands when it is entered. */
export interface FirstPosition {
  status: Status
  means: Means | null
  effective_on: PartialDate
  reason: string | null
}

/**
 * Enters an agreement with its first position and gives it its reference.
 * @throws AppError `invalid`, naming the field.
 */
export async function createAgreement(
  context: UnitContext,
  actor: User,
  entry: AgreementEntry,
  position: FirstPosition,
): Promise<{ id: number; reference: string }> {
  return inUnit(context, actor, async (unit) =>
    addAgreement(unit, entry.facts, await resolveEntry(unit, entry), position),
  )
}

/** Enters an agreement in the unit under way. */
export async function addAgreement(
  unit: Unit,
  facts: AgreementFacts,
  newParts: NewParts,
  position: FirstPosition,
): Promise<{ id: number; reference: string }> {
  const { id, parts, reference } = await insertAgreement(unit, facts, newParts, position)
  await insertPosition(unit, id, { ...position, claims: [], sources: [] })
  await keepVersion(unit, id, parts)
  await reindexAgreement(unit.trx, id)
  const { status, means, effective_on } = position
  await recordChange(unit, {
    kind: 'agreement_created',
    subject: `agreement:${id}`,
    agreement: id,
    version: 1,
    after: filled({ reference, ...portrait(facts, parts), status, means, status_since: effective_on, effective_on }),
    reason: position.reason,
  })
  return { id, reference }
}

async function insertAgreement(unit: Unit, facts: AgreementFacts, newParts: NewParts, position: FirstPosition) {
  const named = await nameParties(unit.trx, newParts)
  const reference = await nextReference(unit.trx, referenceStem(named, facts.signed_on))
  const { id } = await unit.trx
    .insertInto('agreements')
    .values({
      ...facts,
      ...listColumns(named),
      reference,
      title_sort: fold(facts.title),
      status: position.status,
      means: position.means,
      status_since: position.effective_on,
      contested: 0,
      version: 1,
      created_at: unit.at,
      updated_at: unit.at,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await insertParts(unit.trx, id, newParts)
  const parts = await readParts(unit.trx, id)
  await unit.trx.updateTable('agreements').set(listColumns(parts)).where('id', '=', id).execute()
  return { id, parts, reference }
}

/** The countries of the parties, which the reference is made of, before the agreement has an id. */
async function nameParties(trx: Trx, newParts: NewParts): Promise<AgreementParts> {
  const ids = newParts.parties.map(({ party_id }) => party_id)
  const rows = await trx.selectFrom('parties').select(['id', 'country']).where('id', 'in', ids).execute()
  const countries = new Map(rows.map(({ id, country }) => [id, country]))
  const parties = newParts.parties.map((party) => ({
    ...party,
    name: '',
    country: countries.get(party.party_id) ?? null,
  }))
  return { titles: newParts.titles, parties, places: [], relations: [], notes: [] }
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
