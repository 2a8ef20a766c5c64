import type { User } from '../accounts/user.ts'
import { partsDigest } from '../agreements/agreement.ts'
import { type PresentRow, readPresent } from '../agreements/present.ts'
import { inUnit, type Unit, type UnitContext } from '../database/unit.ts'
import { recordChange } from '../history/record.ts'
import {
  inOrder,
  insertPosition,
  listedPosition,
  type NewPosition,
  pendingPosition,
  type Position,
  readPositions,
  tellPosition,
} from '../standing/position.ts'
import { refuse, wrongFields } from './check.ts'
import { quoteEvidence, recordEvidence, recordSuccessor, restsOn } from './evidence.ts'
import type { StatusChange } from './entry.ts'
import { moveTo, standing } from './present.ts'

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
  const before = await readPresent(unit, reference, change.version)
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
      ...(isListed ? standing(after) : { position: tellPosition(change) }),
      ...succession?.changed.after,
      effective_on: change.effective_on,
      sources: await quoteEvidence(unit, position),
      stored: { ...restsOn(position), ...(succession ? { parts: partsDigest(succession.parts) } : {}) },
    },
    reason: change.reason,
  })
  await insertPosition(unit, before.id, position, { change: id })
  await moveTo(unit, before, after, succession?.parts ?? null)
}

const pick = ({ status, means, effective_on, reason }: StatusChange) => ({ status, means, effective_on, reason })
