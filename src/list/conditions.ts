import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import { engineOf, type EngineName } from '../database/engines/engine.ts'
import { agreementsMatching, type SearchMode } from '../database/engines/search.ts'
import type { Reader, Schema } from '../database/schema.ts'
import { lastDay, lowerBound } from '../time/partial-date.ts'
import { badFilter, type FieldErrors } from '../errors.ts'
import { consonantKey } from '../names/name.ts'
import { findPartyId } from '../directories/party-queries.ts'
import { findPlaceIds } from '../directories/place-queries.ts'
import { knownAt } from '../time/known.ts'
import type { Moment } from '../time/moment.ts'
import type { AgreementFilter } from './filter.ts'
import { searchTokens } from '../standing/search-text.ts'

/** A filter whose parties, places and search were looked up in the register as it stood at a moment. */
export interface ResolvedFilter {
  engine: EngineName
  filter: AgreementFilter
  moment: Moment
  /** The present day, for a moment that names none. */
  today: string
  partyIds: number[]
  /** Several where one name is that of several places: “Tartus” is the port and the base. */
  placeIds: number[] | null
  search: { mode: SearchMode; tokens: string[] } | null
}

/**
 * Looks up what a filter names.
 * @throws AppError `bad_request` naming a party, place, sector or lead that the register does not know.
 */
export async function resolveFilter(
  db: Reader,
  filter: AgreementFilter,
  moment: Moment,
  today: string,
): Promise<ResolvedFilter> {
  const errors: FieldErrors = {}
  const partyIds = []
  for (const party of filter.party) {
    const id = await findPartyId(db, party)
    if (id === undefined) errors['party'] = `“${party}” is not a party of the register: see /parties`
    else partyIds.push(id)
  }
  const placeIds = filter.place === null ? null : await findPlaceIds(db, filter.place)
  if (placeIds?.length === 0) errors['place'] = `“${filter.place}” is not a place of the register: see /places`
  for (const sector of filter.sector) {
    if (!(await everOccurs(db, 'sector', sector))) errors['sector'] = `“${sector}” is not a sector of the register`
  }
  if (filter.lead !== null && !(await everOccurs(db, 'lead', filter.lead)))
    errors['lead'] = `“${filter.lead}” leads no agreement`
  if (Object.keys(errors).length > 0) throw badFilter(errors)
  const search = filter.q === null ? null : await chooseSearch(db, filter.q, moment)
  return { engine: engineOf(db), filter, moment, today, partyIds, placeIds, search }
}

/** Whether an agreement has the value now, or ever had it. */
async function everOccurs(db: Reader, column: 'sector' | 'lead', value: string): Promise<boolean> {
  const now = await db.selectFrom('agreements').select('id').where(column, '=', value).limit(1).executeTakeFirst()
  if (now) return true
  const then = await db
    .selectFrom('agreement_versions')
    .select('agreement_id')
    .where(column, '=', value)
    .limit(1)
    .executeTakeFirst()
  return then !== undefined
}

/** The words as typed; only when they find nothing in the whole register, the consonants of names. */
async function chooseSearch(db: Reader, q: string, { instant }: Moment): Promise<ResolvedFilter['search']> {
  const tokens = searchTokens(q)
  if (tokens.length === 0 || (await findsAny(db, 'words', tokens, instant))) return { mode: 'words', tokens }
  const keys = tokens.map(consonantKey).filter((key) => key.length >= 2)
  if (keys.length > 0 && (await findsAny(db, 'keys', keys, instant))) return { mode: 'keys', tokens: keys }
  return { mode: 'words', tokens }
}

async function findsAny(db: Reader, mode: SearchMode, tokens: string[], instant: string | null): Promise<boolean> {
  const found = await sql<{
    found: number
  }>`select 1 as found where exists ${agreementsMatching(engineOf(db), mode, tokens, instant)}`.execute(db)
  return found.rows.length > 0
}

/** The one WHERE of page, counts and exports; counts leave out what the facets choose, to count the alternatives as well. */
export function conditions(
  eb: ExpressionBuilder<Schema, 'agreements'>,
  resolved: ResolvedFilter,
  { facets }: { facets: boolean } = { facets: true },
): Expression<SqlBool>[] {
  const { engine, filter, moment, partyIds, placeIds, search } = resolved
  const linked = () =>
    eb.selectFrom('agreement_links').select('agreement_id').where(knownAt(moment.instant, 'agreement_links'))
  const all: Expression<SqlBool>[] = []
  if (facets && filter.status.length > 0) all.push(eb('status', 'in', filter.status))
  if (facets && filter.sector.length > 0) all.push(eb('sector', 'in', filter.sector))
  if (facets && filter.kind.length > 0) all.push(eb('kind', 'in', filter.kind))
  if (filter.means !== null) all.push(eb('means', '=', filter.means))
  if (filter.lead !== null) all.push(eb('lead', '=', filter.lead))
  if (filter.signed_from !== null)
    all.push(eb('signed_on', '>=', lowerBound(filter.signed_from) as typeof filter.signed_from))
  if (filter.signed_to !== null) all.push(eb('signed_on', '<=', lastDay(filter.signed_to) as typeof filter.signed_to))
  if (facets && filter.contested !== null) all.push(eb('contested', '=', filter.contested === 'yes' ? 1 : 0))
  for (const id of partyIds) {
    all.push(eb('id', 'in', linked().where('link', '=', 'party').where('other_id', '=', id)))
  }
  for (const country of filter.country) {
    all.push(
      eb(
        'id',
        'in',
        linked()
          .innerJoin('parties', 'parties.id', 'agreement_links.other_id')
          .where('link', '=', 'party')
          .where('country', '=', country),
      ),
    )
  }
  if (placeIds) {
    all.push(eb('id', 'in', linked().where('link', '=', 'place').where('other_id', 'in', placeIds)))
  }
  if (search)
    all.push(
      search.tokens.length > 0
        ? eb('id', 'in', agreementsMatching(engine, search.mode, search.tokens, moment.instant))
        : eb.lit(false),
    )
  return all
}

/** Whether a filter asks for what only the agreement itself has, not its standing. */
export function asksForMore({ lead, signed_from, signed_to }: AgreementFilter): boolean {
  return lead !== null || signed_from !== null || signed_to !== null
}
