import type { User } from '../accounts/user.ts'
import { inUnit, type Unit, type UnitContext } from '../database/unit.ts'
import { firstDay, formatPartialDate, type PartialDate } from '../dates/partial-date.ts'
import { AppError, type FieldErrors } from '../errors.ts'
import { addClaim, describeSource, findOrAddSource, type NewSource, refreshContested } from '../evidence/commands.ts'
import { recordChange } from '../history/record.ts'
import { findOrAddParty, type NewParty } from '../parties/commands.ts'
import { listColumns } from './agreement.ts'
import { conflict } from './edit.ts'
import { findAgreementId } from './entry.ts'
import { readParts } from './parts.ts'
import {
  inOrder,
  insertPosition,
  listedPosition,
  type NewPosition,
  type Position,
  positionOn,
  readPositions,
} from './positions.ts'
import { reindexAgreement } from './search-text.ts'
import { describeTransitionsFrom, findTransition, type Means, meansLabel, type Status, statusLabel } from './status.ts'
import { keepVersion } from './version.ts'

/** A change of status as an analyst decides it. */
export interface StatusChange {
  status: Status
  means: Means | null
  effective_on: PartialDate
  reason: string
  /** Ids of claims about this agreement on which it rests. */
  claims: readonly number[]
  /** A source entered with it; with `asserted_by`, what that person says in it is recorded as a claim. */
  source: NewSource | null
  asserted_by: string | null
  new_party: NewParty | null
  taken_over_by: string | null
  /** The version that the form was opened with. */
  version: number
  /** A day of effect that lies in the future, or before the position in effect, was asked about and confirmed. */
  confirmed: boolean
}

/** What a change of status needs to know of the present row. */
export const PRESENT_COLUMNS = ['id', 'reference', 'version', 'status', 'means', 'status_since'] as const

export interface PresentRow {
  id: number
  reference: string
  version: number
  status: Status
  means: Means | null
  status_since: PartialDate
}

/**
 * Records where an agreement stands from a day on. The latest position in effect becomes its status.
 * @throws AppError `not_found`, `conflict` when somebody else was first, `invalid` naming every field that is wrong.
 */
export async function changeStatus(
  context: UnitContext,
  actor: User,
  reference: string,
  change: StatusChange,
): Promise<void> {
  await inUnit(context, actor, (unit) => changeStatusIn(unit, reference, change))
}

/** Records a change of status in the unit under way. */
async function changeStatusIn(unit: Unit, reference: string, change: StatusChange): Promise<void> {
  const before = await unit.trx
    .selectFrom('agreements')
    .select(PRESENT_COLUMNS)
    .where('reference', '=', reference)
    .executeTakeFirst()
  if (!before) throw new AppError('not_found', `There is no agreement ${reference}.`)
  if (before.version !== change.version) throw conflict(before.version)
  const positions = await readPositions(unit.trx, before.id)
  refuse(await wrongFields(unit, before, positions, change))
  await recordStatus(unit, before, positions, change)
}

/**
 * Records a position that was decided elsewhere, as it is: for a register that is loaded. Everything an analyst decides goes
 * through `changeStatus`, which checks it against the workflow first.
 */
export async function recordStatus(
  unit: Unit,
  before: PresentRow,
  positions: readonly Position[],
  change: StatusChange,
): Promise<void> {
  const evidence = await recordEvidence(unit, before, change)
  const partsChanged = await recordSuccessor(unit, before, change)
  const position: NewPosition = { ...pick(change), ...evidence }
  const written = await insertPosition(unit, before.id, position)
  const after = listedPosition(inOrder([...positions, written]), unit.today) ?? written
  await moveTo(unit, before, after, partsChanged)
  await recordChange(unit, {
    kind: 'status_changed',
    subject: `agreement:${before.id}`,
    agreement: before.id,
    version: before.version + 1,
    before: after.id === written.id ? standing(before) : {},
    after: {
      // A position that is not in effect, or no longer, leaves the status as it is.
      ...(after.id === written.id ? standing(after) : { position: describePosition(change) }),
      ...(partsChanged ? { successor: partsChanged } : {}),
      effective_on: change.effective_on,
      sources: await describeEvidence(unit, position),
    },
    reason: change.reason,
  })
}

function standing(row: PresentRow | Position) {
  const { status, means } = row
  return { status, means, status_since: 'status_since' in row ? row.status_since : row.effective_on }
}

/** `Under review (suspended) from 2022`. */
function describePosition({ status, means, effective_on }: StatusChange): string {
  return `${statusLabel(status)}${means === null ? '' : ` (${meansLabel(means)})`} from ${effective_on}`
}

const pick = ({ status, means, effective_on, reason }: StatusChange) => ({ status, means, effective_on, reason })

/** Brings the present row to a position and keeps the version. */
export async function moveTo(
  unit: Unit,
  before: PresentRow,
  position: Position,
  partsChanged: string | null,
): Promise<void> {
  const parts = partsChanged === null ? null : await readParts(unit.trx, before.id)
  const { numUpdatedRows } = await unit.trx
    .updateTable('agreements')
    .set({
      ...(parts === null ? {} : listColumns(parts)),
      status: position.status,
      means: position.means,
      status_since: position.effective_on,
      version: before.version + 1,
      updated_at: unit.at,
    })
    .where('id', '=', before.id)
    .where('version', '=', before.version)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw conflict(before.version + 1)
  await keepVersion(unit, { id: before.id, version: before.version + 1 }, parts)
  if (parts !== null) await reindexAgreement(unit.trx, before.id)
  await refreshContested(unit, { ...before, status: position.status, status_since: position.effective_on })
}

async function wrongFields(
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

function refuse(errors: FieldErrors): void {
  const messages = Object.values(errors)
  if (messages.length > 0) throw new AppError('invalid', messages.join(' '), errors)
}

async function foreignClaims(unit: Unit, agreementId: number, claims: readonly number[]): Promise<number[]> {
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

async function recordEvidence(unit: Unit, { id, reference }: PresentRow, change: StatusChange) {
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

/** Enters who or what takes over; answers with it in words, or null when nothing was named. */
async function recordSuccessor(unit: Unit, { id }: PresentRow, change: StatusChange): Promise<string | null> {
  if (change.taken_over_by !== null) {
    const other_id = await findAgreementId(unit, change.taken_over_by, 'taken_over_by')
    if (other_id === id) refuse({ taken_over_by: 'An agreement cannot take over from itself: give another reference' })
    await unit.trx
      .insertInto('agreement_relations')
      .values({ agreement_id: id, kind: 'reassigned_to', other_id })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  if (change.new_party !== null) {
    const party_id = await findOrAddParty(unit, change.new_party, {
      type: 'new_party_type',
      country: 'new_party_country',
    })
    const taking_part = await unit.trx
      .selectFrom('agreement_parties')
      .select(['party_id', 'position'])
      .where('agreement_id', '=', id)
      .execute()
    if (!taking_part.some((row) => row.party_id === party_id)) {
      const position = Math.max(0, ...taking_part.map((row) => row.position)) + 1
      await unit.trx
        .insertInto('agreement_parties')
        .values({ agreement_id: id, position, party_id, role: 'successor' })
        .execute()
    }
  }
  return [change.taken_over_by, change.new_party?.name].filter(Boolean).join('; ') || null
}

async function describeEvidence(unit: Unit, { claims, sources }: NewPosition): Promise<string[]> {
  const cited =
    claims.length === 0
      ? []
      : await unit.trx.selectFrom('claims').select('source_id').distinct().where('id', 'in', claims).execute()
  const ids = new Set([...cited.map(({ source_id }) => source_id), ...sources])
  return Promise.all([...ids].map((id) => describeSource(unit, id)))
}
