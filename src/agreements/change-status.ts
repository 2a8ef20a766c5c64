import type { User } from '../accounts/user.ts'
import { inUnit, type Unit, type UnitContext } from '../database/unit.ts'
import type { PartialDate } from '../dates/partial-date.ts'
import { AppError } from '../errors.ts'
import { type NewSource, refreshContested } from '../evidence/commands.ts'
import { recordChange } from '../history/record.ts'
import type { NewParty } from '../parties/commands.ts'
import { listColumns } from './agreement.ts'
import { conflict } from './edit.ts'
import { readParts } from './parts.ts'
import { inOrder, insertPosition, listedPosition, type NewPosition, type Position, readPositions } from './positions.ts'
import { reindexAgreement } from './search-text.ts'
import { type Means, meansLabel, type Status, statusLabel } from './status.ts'
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
