import type { User } from '../accounts/user.ts'
import { type PresentRow, readPresent } from '../agreements/present.ts'
import { AppError, type FieldErrors } from '../errors.ts'
import { moveTo, standing } from './present.ts'
import { describeTransitionsFrom, findTransition } from './workflow.ts'
import { statusLabel } from '../words/status.ts'
import { foreignClaims, refuse } from './check.ts'
import { quoteEvidence, restsOn } from './evidence.ts'
import type { Correction } from './entry.ts'
import type { Reader } from '../database/schema.ts'
import { inUnit, type Unit, type UnitContext } from '../database/unit.ts'
import { formatPartialDate } from '../time/partial-date.ts'
import { recordChange } from '../history/record.ts'
import { findOrAddSource } from '../sources/commands.ts'
import {
  inOrder,
  insertPosition,
  listedPosition,
  pendingPosition,
  type Position,
  readPositions,
  tellPosition,
} from '../standing/position.ts'

/**
 * Corrects a position that was recorded wrongly: the new one takes its place and names it, and both stay readable. The world has
 * not changed; the record of it has.
 * @throws AppError `not_found`, `conflict` when somebody else was first or it is corrected already, `invalid` naming the field.
 */
export async function correctPosition(
  context: UnitContext,
  actor: User,
  reference: string,
  positionId: number,
  correction: Correction,
): Promise<void> {
  await inUnit(context, actor, async (unit) => {
    const before = await readPresent(unit, reference, correction.version)
    const wrong = await readCorrected(unit.trx, before, positionId)
    const others = (await readPositions(unit.trx, before.id)).filter(({ id }) => id !== positionId)
    const sources = await readSources(unit, positionId)
    refuse(await wrongFields(unit, before, wrong, { others, sources, correction }))
    await record(unit, before, wrong, { others, sources, correction })
  })
}

interface CorrectedPosition extends Position {
  change_id: number | null
}

/**
 * The position that is to be corrected.
 * @throws AppError `not_found`, or `gone` when it is corrected already.
 */
export async function readCorrected(
  db: Reader,
  { id, reference }: Pick<PresentRow, 'id' | 'reference'>,
  positionId: number,
): Promise<CorrectedPosition> {
  const position = await db
    .selectFrom('positions')
    .leftJoin('positions as correcting', 'correcting.corrects_id', 'positions.id')
    .select([
      'positions.id',
      'positions.status',
      'positions.means',
      'positions.effective_on',
      'positions.effective_day',
      'positions.change_id',
      'positions.superseded_at',
      'correcting.change_id as corrected_by',
    ])
    .where('positions.id', '=', positionId)
    .where('positions.agreement_id', '=', id)
    .executeTakeFirst()
  if (!position) throw new AppError('not_found', `${reference} has no position ${positionId}: see its dossier.`)
  if (position.superseded_at !== null)
    throw new AppError(
      'gone',
      `This position was corrected already, by change ${position.corrected_by}. Correct the position that took its place: it is on the dossier of ${reference}.`,
      {},
      { href: `/agreements/${reference}`, label: `The dossier of ${reference}` },
    )
  return position
}

/** The position that stands in the place of one: itself, or the last of those that corrected it. */
export async function standingInstead(db: Reader, positionId: number): Promise<number> {
  const next = await db.selectFrom('positions').select('id').where('corrects_id', '=', positionId).executeTakeFirst()
  return next ? standingInstead(db, next.id) : positionId
}

/** A correction among the positions that stay, and the sources that the wrong one rested on, which it keeps. */
interface Corrected {
  others: readonly Position[]
  sources: readonly number[]
  correction: Correction
}

async function readSources(unit: Unit, positionId: number): Promise<number[]> {
  const rows = await unit.trx
    .selectFrom('position_sources')
    .select('source_id')
    .where('position_id', '=', positionId)
    .orderBy('source_id')
    .execute()
  return rows.map(({ source_id }) => source_id)
}

/** What is wrong with a correction: one message for each field. */
async function wrongFields(
  unit: Unit,
  before: PresentRow,
  wrong: Position,
  { others, sources, correction }: Corrected,
): Promise<FieldErrors> {
  const { status, means, effective_on } = correction
  if (status === wrong.status && means === wrong.means && effective_on === wrong.effective_on)
    return { status: 'It says what the position says already: change the status, the means or the day' }
  const pending = pendingPosition({ ...correction, sources: [] })
  const ordered = inOrder([...others, pending])
  const at = ordered.indexOf(pending)
  const [previous, next] = [ordered[at - 1], ordered[at + 1]]
  const errors: FieldErrors = {}
  if (previous && !findTransition(previous.status, status))
    errors['status'] =
      `${statusLabel(status)} could not follow ${statusLabel(previous.status)} from ${formatPartialDate(previous.effective_on)}. ${describeTransitionsFrom(previous.status)}`
  else if (next && !findTransition(status, next.status))
    errors['status'] =
      `${statusLabel(next.status)} from ${formatPartialDate(next.effective_on)} could not follow it. ${describeTransitionsFrom(status)}`
  const withWrong = inOrder([...others, wrong])
  const [left, right] = [withWrong[withWrong.indexOf(wrong) - 1], withWrong[withWrong.indexOf(wrong) + 1]]
  if (!errors['status'] && left && right && right !== next && !findTransition(left.status, right.status))
    errors['effective_on'] =
      `Without it ${statusLabel(right.status)} from ${formatPartialDate(right.effective_on)} could not follow ${statusLabel(left.status)} from ${formatPartialDate(left.effective_on)}: give a day between them`
  const needs = previous ? (findTransition(previous.status, status)?.needs ?? []) : []
  if (needs.includes('evidence') && correction.claims.length + sources.length === 0 && !correction.source)
    errors['claim'] = `To record ${statusLabel(status)}, choose at least one claim or enter a source`
  if (needs.includes('successor') && wrong.status !== status && !(await hasSuccessor(unit, before.id)))
    errors['status'] ??=
      `To record ${statusLabel(status)}, name first who takes over: edit the agreement’s parties or relations`
  const foreign = await foreignClaims(unit, before.id, correction.claims)
  if (foreign.length > 0)
    errors['claim'] = `Claim ${foreign.join(', ')} is not about ${before.reference}: choose from its own`
  if (!correction.confirmed && pending.effective_day > unit.today)
    errors['confirm'] = `${formatPartialDate(effective_on)} is in the future. Confirm, or change the day`
  return errors
}

/** Whether a party or an agreement that takes over is named already. */
async function hasSuccessor({ trx }: Unit, id: number): Promise<boolean> {
  const relation = await trx
    .selectFrom('agreement_relations')
    .select('other_id')
    .where('agreement_id', '=', id)
    .where('kind', '=', 'reassigned_to')
    .executeTakeFirst()
  if (relation) return true
  const party = await trx
    .selectFrom('agreement_parties')
    .select('party_id')
    .where('agreement_id', '=', id)
    .where('role', '=', 'successor')
    .executeTakeFirst()
  return party !== undefined
}

async function record(
  unit: Unit,
  before: PresentRow,
  wrong: CorrectedPosition,
  { others, sources: kept, correction }: Corrected,
): Promise<void> {
  const { claims, reason, source } = correction
  const sources = [...new Set([...kept, ...(source === null ? [] : [await findOrAddSource(unit, source)])])]
  const { status, means, effective_on } = correction
  const position = { status, means, effective_on, reason, claims, sources }
  const pending = pendingPosition(position)
  const after = listedPosition(inOrder([...others, pending]), unit.today) ?? pending
  const isMoved =
    after.status !== before.status || after.means !== before.means || after.effective_on !== before.status_since
  const change = await recordChange(unit, {
    kind: 'position_corrected',
    subject: `agreement:${before.id}`,
    agreement: before.id,
    version: before.version + 1,
    before: { position: tellPosition(wrong), ...(isMoved ? standing(before) : {}) },
    after: {
      position: tellPosition(correction),
      corrects: wrong.change_id,
      ...(isMoved ? standing(after) : {}),
      effective_on,
      sources: await quoteEvidence(unit, position),
      stored: restsOn(position),
    },
    reason,
  })
  await unit.trx.updateTable('positions').set({ superseded_at: unit.at }).where('id', '=', wrong.id).execute()
  await insertPosition(unit, before.id, position, { change, corrects: wrong.id })
  await moveTo(unit, before, after, null)
}
