import type { User } from '../accounts/user.ts'
import { among } from '../database/engines/among.ts'
import type { Reader } from '../database/schema.ts'
import { inUnit, type Unit, type UnitContext } from '../database/unit.ts'
import { AppError, invalidField } from '../errors.ts'
import { findOrAddSource, findSourceByAddress } from '../sources/commands.ts'
import type { ClaimEntry } from './entry.ts'
import { addClaim, type CoveredAgreement } from './add-claim.ts'
import { tieTo } from './ties.ts'

/** A claim that was recorded; `known` is the source that its address belonged to already, and that was left as it is. */
export interface Recorded {
  id: number
  known: number | null
}

/**
 * Records what somebody said about one agreement.
 * @throws AppError `not_found`, `invalid` naming the field.
 */
export async function recordClaim(
  context: UnitContext,
  actor: User,
  reference: string,
  entry: ClaimEntry,
): Promise<Recorded> {
  return inUnit(context, actor, async (unit) => {
    const [agreement] = await findByReference(unit.trx, [reference])
    if (!agreement) throw new AppError('not_found', `There is no agreement ${reference}.`)
    return enterClaim(unit, entry, [agreement])
  })
}

/** Records a claim in the unit under way, with its source where that is new, and ties it to the one that it repeats. */
export async function enterClaim(
  unit: Unit,
  entry: ClaimEntry,
  agreements: readonly CoveredAgreement[],
): Promise<Recorded> {
  const { source_id, known } = await sourceOf(unit, entry)
  const id = await addClaim(unit, { ...entry.claim, source_id }, agreements)
  if (entry.repeats !== null) {
    const { asserted_by, stance, status } = entry.claim
    await tieTo(unit, { id, asserted_by, stance, status, agreements: [...agreements] }, entry.repeats, null)
  }
  return { id, known }
}

async function sourceOf(unit: Unit, { source }: ClaimEntry): Promise<{ source_id: number; known: number | null }> {
  if (typeof source !== 'number') {
    const known = source.url === null ? undefined : await findSourceByAddress(unit.trx, source.url)
    return { source_id: await findOrAddSource(unit, source), known: known?.id ?? null }
  }
  const known = await unit.trx.selectFrom('sources').select('id').where('id', '=', source).executeTakeFirst()
  if (!known) throw invalidField('source', `There is no source ${source}: choose one of /sources, or enter it below`)
  return { source_id: source, known: null }
}

/** The agreements of some references, as far as there are such. */
export async function findByReference(db: Reader, references: readonly string[]): Promise<CoveredAgreement[]> {
  if (references.length === 0) return []
  return db
    .selectFrom('agreements')
    .select(['id', 'reference'])
    .where(among(db, 'reference', references))
    .orderBy('id')
    .execute()
}
