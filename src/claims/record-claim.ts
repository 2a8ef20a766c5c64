import { hash } from 'node:crypto'
import type { User } from '../accounts/user.ts'
import { compareReferences } from '../agreements/agreement.ts'
import { parseFilter } from '../agreements/filter.ts'
import { conditions, resolveFilter } from '../agreements/resolved-filter.ts'
import type { Reader } from '../database/schema.ts'
import { inUnit, type Unit, type UnitContext } from '../database/unit.ts'
import { AppError, invalidField } from '../errors.ts'
import { findOrAddSource, findSourceByAddress } from '../sources/commands.ts'
import { NOW } from '../standing/moment.ts'
import type { ClaimEntry, Coverage } from './claim-form.ts'
import { addClaim, type CoveredAgreement } from './add-claim.ts'
import { tieTo } from './ties.ts'

/** A class of agreements larger than this is the whole register, and no claim. */
const MOST_COVERED = 10_000

/** A claim that was recorded; `known` is the source that its address belonged to already, and that was left as it is. */
interface Recorded {
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
    return enter(unit, entry, [agreement])
  })
}

/**
 * Records one claim about several agreements, or all of a filter.
 * @throws AppError `invalid` naming the field, also when the filter matches others than the preview showed.
 */
export async function recordWideClaim(
  context: UnitContext,
  actor: User,
  { coverage, ...entry }: ClaimEntry & { coverage: Coverage },
): Promise<Recorded & { count: number }> {
  return inUnit(context, actor, async (unit) => {
    const agreements = await coveredAgreements(unit.trx, coverage, unit.today)
    if (agreements.length === 0)
      throw invalidField(
        'agreements',
        'Name at least one agreement, such as RUS-SYR-2019-1, or choose a filter that has some',
      )
    if (coverage.filter !== null && digestOf(agreements) !== coverage.previewed)
      throw invalidField(
        'agreements',
        `The filter has ${agreements.length} agreements now: look at them below, then record the claim`,
      )
    return { ...(await enter(unit, entry, agreements)), count: agreements.length }
  })
}

/** The agreements that a claim would cover: those named, and those of the filter; by reference. */
export async function coveredAgreements(db: Reader, coverage: Coverage, today: string): Promise<CoveredAgreement[]> {
  const named = await findByReference(db, coverage.references)
  const missing = coverage.references.filter((reference) => !named.some((one) => one.reference === reference))
  if (missing.length > 0)
    throw invalidField(
      'agreements',
      `There is no agreement ${missing.slice(0, 5).join(', ').slice(0, 200)}: give references such as RUS-SYR-2019-1`,
    )
  const matched = coverage.filter === null ? [] : await findByFilter(db, coverage.filter, today)
  const all = new Map([...named, ...matched].map((agreement) => [agreement.id, agreement]))
  return [...all.values()].sort(compareReferences)
}

/** Tells whether two previews showed the same agreements. */
export function digestOf(agreements: readonly CoveredAgreement[]): string {
  return hash('sha256', agreements.map(({ id }) => id).join()).slice(0, 32)
}

async function enter(unit: Unit, entry: ClaimEntry, agreements: readonly CoveredAgreement[]): Promise<Recorded> {
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

async function findByReference(db: Reader, references: readonly string[]): Promise<CoveredAgreement[]> {
  if (references.length === 0) return []
  return db
    .selectFrom('agreements')
    .select(['id', 'reference'])
    .where('reference', 'in', references)
    .orderBy('id')
    .execute()
}

async function findByFilter(db: Reader, filter: string, today: string): Promise<CoveredAgreement[]> {
  const query: Record<string, string | string[]> = {}
  const given = new URLSearchParams(filter)
  for (const name of new Set(given.keys()))
    query[name] = given.getAll(name).length > 1 ? given.getAll(name) : (given.get(name) ?? '')
  let resolved
  try {
    resolved = await resolveFilter(db, parseFilter(query), NOW, today)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw invalidField('agreements', `The filter cannot be read (${error.message}): choose it again in the list`)
  }
  const rows = await db
    .selectFrom('agreements')
    .select(['agreements.id', 'reference'])
    .where((eb) => eb.and(conditions(eb, resolved)))
    .orderBy('agreements.id')
    .limit(MOST_COVERED + 1)
    .execute()
  if (rows.length > MOST_COVERED)
    throw invalidField(
      'agreements',
      `The filter has more than ${MOST_COVERED.toLocaleString('en')} agreements: narrow it`,
    )
  return rows
}
