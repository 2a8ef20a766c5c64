import { isDeepStrictEqual } from 'node:util'
import type { User } from '../accounts/user.ts'
import { inUnit, type Unit, type UnitContext } from '../database/unit.ts'
import { conflict, invalidField } from '../errors.ts'
import { type ChangedFields, difference, type ToldStored } from '../history/change.ts'
import { recordChange } from '../history/record.ts'
import { PLACE_ROLES, type PlaceRole } from '../words/place.ts'
import { fold } from '../names/name.ts'
import {
  type AgreementFacts,
  type AgreementParts,
  type AgreementTitle,
  FACT_COLUMNS,
} from '../database/tables/agreements.ts'
import { endsBeforeSigned, listColumns, partsDigest, portrait } from './agreement.ts'
import type { AgreementEntry } from './entry.ts'
import { nameParts, type NewParts, readParts, replaceParts } from './parts.ts'
import { readPresent } from './present.ts'
import { resolveEntry } from './resolve.ts'
import { recordVersion } from './version.ts'

/** What an edit says beside the agreement itself. */
export interface Edit {
  /** The version that the form was opened with. */
  version: number
  reason: string | null
  /** Where the agreement stands, if it was sent along: it may be repeated here, not changed. */
  standing: Partial<Record<'status' | 'means' | 'status_since', string | null>>
  /** The names of the fields that were sent: what was not sent stays as it was. */
  given: ReadonlySet<string>
}

/**
 * Puts what was typed in the place of what an agreement was; an edit that changes nothing leaves no trace.
 * @throws AppError `not_found`, `conflict` when somebody else was first, `invalid` naming the field.
 */
export async function editAgreement(
  context: UnitContext,
  actor: User,
  reference: string,
  entry: AgreementEntry,
  edit: Edit,
): Promise<void> {
  await inUnit(context, actor, (unit) => editAgreementIn(unit, reference, entry, edit))
}

/** Records an edit in the unit under way. */
export async function editAgreementIn(
  unit: Unit,
  reference: string,
  entry: AgreementEntry,
  { version, reason, standing, given }: Edit,
): Promise<void> {
  const before = await readPresent(unit, reference, version)
  for (const field of ['status', 'means', 'status_since'] as const) {
    const sent = standing[field] ?? null
    if (sent !== null && sent !== before[field]) throw invalidField(field, 'is not edited here: use “Change status”')
  }
  const { id } = before
  const partsBefore = await readParts(unit.trx, id)
  const facts = mergeFacts(before, entry.facts, given)
  const parts = await nameParts(unit.trx, mergeParts(partsBefore, await resolveEntry(unit, entry, id), given))
  await recordEdit(unit, { ...before, parts: partsBefore }, { facts, parts }, (changed) => ({
    kind: 'agreement_edited',
    ...changed,
    reason,
  }))
}

/**
 * Puts facts and parts in the place of those that an agreement had, as one change; nothing happens when they are the same.
 * @param describe the change's kind and reason, given the fields that differ
 * @returns false when nothing differs
 */
export async function recordEdit(
  unit: Unit,
  before: AgreementFacts & { id: number; version: number; parts: AgreementParts },
  { facts, parts }: { facts: AgreementFacts; parts: AgreementParts },
  describe: (changed: { before?: ChangedFields; after?: ChangedFields }) => {
    kind: 'agreement_edited' | 'edit_reverted'
    before?: ChangedFields
    after?: ChangedFields
    reason: string | null
  },
): Promise<boolean> {
  const { id, version } = before
  const changed = difference(portrait(before, before.parts), portrait(facts, parts))
  if (!changed && isDeepStrictEqual(parts, before.parts)) return false
  if (endsBeforeSigned(facts)) throw invalidField('expires_on', 'It ends before it was signed: check both days')
  const { numUpdatedRows } = await unit.trx
    .updateTable('agreements')
    .set({ ...facts, ...listColumns(parts), title_sort: fold(facts.title), version: version + 1, updated_at: unit.at })
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw conflict(version + 1)
  await replaceParts(unit.trx, id, parts)
  await recordVersion(unit, { id, version: version + 1 }, parts)
  await recordChange(unit, {
    subject: `agreement:${id}`,
    agreement: id,
    version: version + 1,
    ...withStored(describe(changed ?? {}), { parts: partsDigest(parts) }),
  })
  return true
}

function withStored<Told extends { after?: ChangedFields }>(told: Told, stored: ToldStored): Told {
  return { ...told, after: { ...told.after, stored } }
}

function mergeFacts(before: AgreementFacts, typed: AgreementFacts, given: ReadonlySet<string>): AgreementFacts {
  return Object.fromEntries(
    FACT_COLUMNS.map((column) => [column, (given.has(column) ? typed : before)[column]]),
  ) as AgreementFacts
}

function mergeParts(before: AgreementParts, typed: NewParts, given: ReadonlySet<string>): NewParts {
  return {
    titles: mergeTitles(before.titles, typed.titles, given),
    parties: given.has('party_name') ? typed.parties : before.parties.map(({ party_id, role }) => ({ party_id, role })),
    places: PLACE_ROLES.flatMap((role) =>
      (given.has(PLACE_FIELDS[role]) ? typed : before).places
        .filter((place) => place.role === role)
        .map(({ place_id }) => ({ place_id, role })),
    ),
    relations: given.has('relation_reference')
      ? typed.relations
      : before.relations.map(({ kind, other_id }) => ({ kind, other_id })),
    notes: given.has('note_value') ? typed.notes : before.notes,
  }
}

const PLACE_FIELDS: Record<PlaceRole, string> = { concerns: 'place', signed_at: 'signed_at' }

/**
 * Titles keep their order, those in languages that were not sent stay, and one that was not touched keeps the remark on
 * where it was read, which the form does not show.
 */
function mergeTitles(
  before: readonly AgreementTitle[],
  typed: readonly AgreementTitle[],
  given: ReadonlySet<string>,
): AgreementTitle[] {
  const kept = before.flatMap((old) => {
    if (!given.has(`title_${old.lang}`)) return [old]
    const now = typed.find(({ lang }) => lang === old.lang)
    if (!now) return []
    return now.title === old.title ? [old] : [now]
  })
  return [...kept, ...typed.filter(({ lang }) => !before.some((old) => old.lang === lang))]
}
