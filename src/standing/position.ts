import type { Reader } from '../database/schema.ts'
import type { Unit } from '../database/unit.ts'
import { firstDay, type PartialDate } from '../time/partial-date.ts'
import { type Means, meansLabel, type Status, statusLabel } from '../words/status.ts'

export interface Position {
  id: number
  status: Status
  means: Means | null
  effective_on: PartialDate
  effective_day: string
}

/** What somebody decides about an agreement's status, and on what it rests. */
export interface NewPosition {
  status: Status
  means: Means | null
  effective_on: PartialDate
  reason: string | null
  claims: readonly number[]
  sources: readonly number[]
}

/** An agreement's positions that no correction replaced, in the order in which they took effect. */
export async function readPositions(db: Reader, agreementId: number): Promise<Position[]> {
  return db
    .selectFrom('positions')
    .select(['id', 'status', 'means', 'effective_on', 'effective_day'])
    .where('agreement_id', '=', agreementId)
    .where('superseded_at', 'is', null)
    .orderBy('effective_day')
    .orderBy('id')
    .execute()
}

/** Positions in the order in which they took effect; of two on one day, the one recorded last counts. */
export function inOrder<One extends Position>(positions: readonly One[]): One[] {
  return positions.toSorted((a, b) =>
    a.effective_day < b.effective_day ? -1 : a.effective_day > b.effective_day ? 1 : a.id - b.id,
  )
}

/** The position in effect on a day: the latest that had begun; undefined before the first. */
export function positionOn(positions: readonly Position[], day: string): Position | undefined {
  return positions.findLast((position) => position.effective_day <= day)
}

/** A position that is about to be recorded, as it will stand among the others. */
export function pendingPosition({ status, means, effective_on }: NewPosition): Position {
  return { id: Number.MAX_SAFE_INTEGER, status, means, effective_on, effective_day: firstDay(effective_on) }
}

/** `Under review (suspended) from 2022`. */
export function describePosition({
  status,
  means,
  effective_on,
}: Pick<Position, 'status' | 'means' | 'effective_on'>): string {
  return `${statusLabel(status)}${means === null ? '' : ` (${meansLabel(means)})`} from ${effective_on}`
}

/** What the history tells of a position, among other columns. */
export function tellPosition({ status, means, effective_on }: Pick<Position, 'status' | 'means' | 'effective_on'>) {
  return { status, means, effective_on }
}

/**
 * The position by which an agreement is listed on a day: the one in effect, or the first to come when all lie ahead
 * (a treaty entered before it takes effect).
 */
export function listedPosition(positions: readonly Position[], day: string): Position | undefined {
  return positionOn(positions, day) ?? positions[0]
}

/** Writes a position, what it relies on, the change that records it and the position that it corrects, if it does. */
export async function insertPosition(
  unit: Unit,
  agreementId: number,
  position: NewPosition,
  { change, corrects = null }: { change: number; corrects?: number | null },
): Promise<void> {
  const { claims, sources, ...columns } = position
  const written = await unit.trx
    .insertInto('positions')
    .values({
      ...columns,
      agreement_id: agreementId,
      decided_by: unit.actor,
      recorded_at: unit.at,
      superseded_at: null,
      change_id: change,
      corrects_id: corrects,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (claims.length > 0) {
    await unit.trx
      .insertInto('position_claims')
      .values(claims.map((claim_id) => ({ position_id: written.id, claim_id })))
      .execute()
  }
  if (sources.length > 0) {
    await unit.trx
      .insertInto('position_sources')
      .values(sources.map((source_id) => ({ position_id: written.id, source_id })))
      .execute()
  }
}
