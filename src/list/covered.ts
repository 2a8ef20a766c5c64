import { hash } from 'node:crypto'
import type { User } from '../accounts/user.ts'
import { compareReferences } from '../names/reference.ts'
import { parseFilter } from './filter.ts'
import { conditions, resolveFilter } from './conditions.ts'
import type { Reader } from '../database/schema.ts'
import { inUnit, type UnitContext } from '../database/unit.ts'
import { AppError, invalidField } from '../errors.ts'
import { NOW } from '../time/moment.ts'
import type { ClaimEntry } from '../claims/entry.ts'
import type { Coverage } from '../claims/form.ts'
import type { CoveredAgreement } from '../claims/add-claim.ts'
import { enterClaim, findByReference, type Recorded } from '../claims/record-claim.ts'

/** A class of agreements larger than this is the whole register, and no claim. */
const MOST_COVERED = 10_000

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
    return { ...(await enterClaim(unit, entry, agreements)), count: agreements.length }
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
