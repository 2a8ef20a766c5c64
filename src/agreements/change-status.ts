import type { User } from '../accounts/user.ts'
import { inUnit, type Unit, type UnitContext } from '../database/unit.ts'
import type { PartialDate } from '../dates/partial-date.ts'
import { AppError } from '../errors.ts'
import type { NewSource } from '../sources/commands.ts'
import { recordChange } from '../history/record.ts'
import type { NewParty } from '../parties/commands.ts'
import { type AgreementParts, listColumns } from './agreement.ts'
import { conflict } from './edit.ts'
import {
  describePosition,
  inOrder,
  insertPosition,
  listedPosition,
  type NewPosition,
  pendingPosition,
  type Position,
  readPositions,
} from '../positions/position.ts'
import type { Means, Status } from './status.ts'
import { refuse, wrongFields } from './status-check.ts'
import { describeEvidence, recordEvidence, recordSuccessor } from './status-evidence.ts'
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
  const succession = await recordSuccessor(unit, before, change)
  const position: NewPosition = { ...pick(change), ...evidence }
  const pending = pendingPosition(position)
  const after = listedPosition(inOrder([...positions, pending]), unit.today) ?? pending
  // A position that is not in effect, or no longer, leaves the status as it is.
  const isListed = after === pending
  const id = await recordChange(unit, {
    kind: 'status_changed',
    subject: `agreement:${before.id}`,
    agreement: before.id,
    version: before.version + 1,
    before: { ...(isListed ? standing(before) : {}), ...succession?.changed.before },
    after: {
      ...(isListed ? standing(after) : { position: describePosition(change) }),
      ...succession?.changed.after,
      effective_on: change.effective_on,
      sources: await describeEvidence(unit, position),
    },
    reason: change.reason,
  })
  await insertPosition(unit, before.id, position, { change: id })
  await moveTo(unit, before, after, succession?.parts ?? null)
}

/** Where an agreement is listed to stand, as the history describes it. */
export function standing(row: PresentRow | Position) {
  const { status, means } = row
  return { status, means, status_since: 'status_since' in row ? row.status_since : row.effective_on }
}

const pick = ({ status, means, effective_on, reason }: StatusChange) => ({ status, means, effective_on, reason })

/**
 * Brings the present row to a position and keeps the version.
 * @param parts what belongs to the agreement now, where that changed with its status
 */
export async function moveTo(
  unit: Unit,
  before: PresentRow,
  position: Position,
  parts: AgreementParts | null,
): Promise<void> {
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
}
