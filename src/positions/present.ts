import type { Unit } from '../database/unit.ts'
import type { AgreementParts } from '../database/tables/agreements.ts'
import { listColumns } from '../agreements/agreement.ts'
import type { PresentRow } from '../agreements/present.ts'
import { conflict } from '../errors.ts'
import type { Position } from '../standing/position.ts'
import { recordVersion } from '../agreements/version.ts'

/** Where an agreement is listed to stand, as the history describes it. */
export function standing(row: PresentRow | Position) {
  const { status, means } = row
  return { status, means, status_since: 'status_since' in row ? row.status_since : row.effective_on }
}

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
  await recordVersion(unit, { id: before.id, version: before.version + 1 }, parts)
}
