import type { User } from '../accounts/user.ts'
import type { Reader } from '../database/schema.ts'
import { inUnit, type Unit, type UnitContext } from '../database/unit.ts'
import { AppError } from '../errors.ts'
import { type ChangedFields, difference } from '../history/change.ts'
import type { ChangeKind } from '../words/change-kind.ts'
import { fieldLabel } from '../history/sentence.ts'
import { type AgreementFacts, type AgreementParts, FACT_COLUMNS } from '../database/tables/agreements.ts'
import { portrait } from './agreement.ts'
import { recordEdit } from './edit.ts'
import { nameParts, readParts } from './parts.ts'
import { readPresent } from './present.ts'

interface VersionContent {
  facts: AgreementFacts
  parts: AgreementParts
}

/**
 * Takes an edit back: what it changed is as it was before, what was changed since stays. It is a new change, which names the edit.
 * @throws AppError `not_found`, `conflict` when somebody else was first, `invalid` when a field was changed again since.
 */
export async function revertEdit(
  context: UnitContext,
  actor: User,
  reference: string,
  { change, version, reason }: { change: number; version: number; reason: string },
): Promise<void> {
  await inUnit(context, actor, async (unit) => {
    const present = await readPresent(unit, reference, version)
    const edit = await readEdit(unit, present.id, change)
    const parts = await readParts(unit.trx, present.id)
    const [before, after] = [
      await readVersion(unit.trx, present.id, edit.version - 1),
      await readVersion(unit.trx, present.id, edit.version),
    ]
    refuseChangedSince(
      portrait(before.facts, before.parts),
      portrait(after.facts, after.parts),
      portrait(present, parts),
    )
    const reverted = await takeBack(unit, { facts: present, parts }, before, after)
    const isRecorded = await recordEdit(unit, { ...present, parts }, reverted, (changed) => ({
      kind: 'edit_reverted',
      before: changed.before ?? {},
      after: { reverts: change, ...changed.after },
      reason,
    }))
    if (!isRecorded) throw wrong('It is as it was before this edit already: there is nothing to take back')
  })
}

async function readEdit({ trx }: Unit, agreementId: number, change: number): Promise<{ version: number }> {
  const edit = await trx
    .selectFrom('changes')
    .select(['kind', 'version'])
    .where('id', '=', change)
    .where('agreement', '=', agreementId)
    .executeTakeFirst()
  if (!edit) throw new AppError('not_found', `This agreement has no change ${change}.`)
  const { kind, version } = edit
  if (!isEdit(kind) || version === null) throw notAnEdit()
  return { version }
}

/** Whether a change is one that can be taken back. */
export function isEdit(kind: ChangeKind): boolean {
  return kind === 'agreement_edited' || kind === 'edit_reverted'
}

export function notAnEdit(): AppError {
  return wrong('Only an edit is taken back like this: a wrong position is corrected, a claim is withdrawn')
}

/** An agreement as one of its versions kept it. */
export async function readVersion(db: Reader, id: number, version: number): Promise<VersionContent> {
  const { parts, ...facts } = await db
    .selectFrom('agreement_versions')
    .select([...FACT_COLUMNS, 'parts'])
    .where('agreement_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirstOrThrow()
  return { facts, parts: JSON.parse(parts) as AgreementParts }
}

/** What the edit changed must still be as the edit left it, or (taken back by hand) as it was before. */
function refuseChangedSince(before: ChangedFields, after: ChangedFields, present: ChangedFields): void {
  const edited = new Set(Object.keys(difference(before, after)?.after ?? {}).map(restoredWith))
  const changed = Object.keys(difference(after, present)?.after ?? {}).filter(
    (field) => edited.has(restoredWith(field)) && JSON.stringify(before[field]) !== JSON.stringify(present[field]),
  )
  if (changed.length > 0)
    throw wrong(
      `${changed.map(fieldLabel).join(', ')} was changed again since: take the later edit back first, or edit it`,
    )
}

/** Titles come back together, and so do places: what a field is restored with. */
function restoredWith(field: string): string {
  if (/^title_[a-z]{2,3}$/.test(field)) return 'titles'
  return field === 'signed_at' ? 'place' : field
}

async function takeBack(
  unit: Unit,
  present: VersionContent,
  before: VersionContent,
  after: VersionContent,
): Promise<VersionContent> {
  const facts = Object.fromEntries(
    FACT_COLUMNS.map((column) => [
      column,
      (before.facts[column] === after.facts[column] ? present : before).facts[column],
    ]),
  ) as AgreementFacts
  const part = <Name extends keyof AgreementParts>(name: Name): AgreementParts[Name] =>
    (JSON.stringify(before.parts[name]) === JSON.stringify(after.parts[name]) ? present : before).parts[name]
  const parts = {
    titles: part('titles'),
    parties: part('parties'),
    places: part('places'),
    relations: part('relations'),
    notes: part('notes'),
  }
  return { facts, parts: await nameParts(unit.trx, parts) }
}

function wrong(message: string): AppError {
  return new AppError('invalid', message, { '': message })
}
