import { idsInOrder } from '../database/ids.ts'
import type { PositionsTable } from '../database/tables/evidence.ts'
import type { ChangedFields, ChangeEntry, ToldSource, ToldStored } from '../history/change.ts'
import { tellPosition } from '../standing/position.ts'
import { Fault, isSameValue } from './fault.ts'

/** A position with the rows that it rests on, in order. */
export interface StoredPosition extends Omit<PositionsTable, 'id' | 'effective_day'> {
  id: number
  claims: readonly number[]
  sources: readonly number[]
  /** The sources of those claims. */
  cited: readonly number[]
}

/** A change of an agreement as it is stored. */
export type StoredChange = Pick<
  ChangeEntry,
  'id' | 'recorded_at' | 'actor' | 'kind' | 'version' | 'before' | 'after' | 'reason'
>

/** A change that recorded a position, with what it told, and all positions of its agreement. */
interface ToldPosition {
  reference: string
  change: StoredChange
  after: ChangedFields
  all: readonly StoredPosition[]
}

/**
 * Holds a position against the change that recorded it, and takes it from those that are left.
 * @param left positions by their change
 * @throws Fault naming the position and the change
 */
export function comparePosition(
  { reference, change, after, all }: ToldPosition,
  left: Map<number | null, StoredPosition>,
): void {
  const position = left.get(change.id)
  if (!position) throw new Fault(`the position that change ${change.id} recorded of ${reference} is missing`)
  left.delete(change.id)
  const what = `position ${position.id} of ${reference}`
  const { status, means = null, effective_on } = after
  const told = after['position'] ?? { status, means, effective_on }
  const isTold =
    isSameValue(tellPosition(position), told) &&
    position.reason === change.reason &&
    position.recorded_at === change.recorded_at &&
    position.decided_by === change.actor
  if (!isTold) throw new Fault(`${what} is not what change ${change.id} says`)
  const corrected = all.find(({ id }) => id === position.corrects_id)
  if ((change.kind === 'position_corrected') !== (corrected !== undefined))
    throw new Fault(`${what} corrects another one than change ${change.id} says`)
  if (corrected && (after['corrects'] !== corrected.change_id || corrected.superseded_at !== change.recorded_at))
    throw new Fault(`${what} corrects another one than change ${change.id} says`)
  const correcting = all.some(({ corrects_id }) => corrects_id === position.id)
  if (position.superseded_at !== null && !correcting)
    throw new Fault(`${what} is superseded, and no change corrects it`)
  if (!restsOnTold(position, change.kind === 'agreement_created' ? {} : after))
    throw new Fault(
      `${what} rests on other claims or sources than change ${change.id} says (position_claims, position_sources)`,
    )
}

/** Entries of earlier versions told the sources of its claims and its own together, and not the claims. */
function restsOnTold({ claims, sources, cited }: StoredPosition, after: ChangedFields): boolean {
  const stored = after['stored'] as ToldStored | undefined
  if (stored) return isSameValue(claims, stored.claims) && isSameValue(sources, stored.sources)
  const told = Array.isArray(after['sources']) ? (after['sources'] as (ToldSource | string)[]) : []
  if (told.some((source) => typeof source === 'string')) return true
  const ids = told.map((source) => (source as ToldSource).id)
  return isSameValue(idsInOrder([...cited, ...sources]), idsInOrder(ids))
}
