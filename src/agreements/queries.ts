import { type CompiledQuery, type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { agreementsMatching, type SearchMode } from '../database/search.ts'
import type { Reader, Schema } from '../database/schema.ts'
import { lastDay, lowerBound } from '../dates/partial-date.ts'
import { badFilter, type FieldErrors } from '../errors.ts'
import { consonantKey } from '../names/name.ts'
import { findPartyId } from '../parties/queries.ts'
import { findPlaceIds } from '../places/queries.ts'
import { type AgreementFilter, type Sort } from './filter.ts'
import { searchTokens } from './search-text.ts'

/** The columns of the list, the exports and every short mention of an agreement. */
export const LIST_COLUMNS = [
  'id',
  'reference',
  'title',
  'original_title',
  'original_title_lang',
  'status',
  'means',
  'status_since',
  'contested',
  'kind',
  'sector',
  'place_names',
  'party_names',
  'countries',
  'signed_on',
  'in_force_on',
  'expires_on',
  'value_amount',
  'value_currency',
  'lead',
  'next_review_on',
  'summary',
  'version',
  'updated_at',
] as const satisfies (keyof Schema['agreements'])[]
export type ListedAgreement = Awaited<ReturnType<typeof selectListed>>[number]

/** A filter whose parties, places and search were looked up in the register. */
export interface ResolvedFilter {
  filter: AgreementFilter
  partyIds: number[]
  /** Several where one name is that of several places: “Tartus” is the port and the base. */
  placeIds: number[] | null
  search: { mode: SearchMode; tokens: string[] } | null
}

/**
 * Looks up what a filter names.
 * @throws AppError `bad_request` naming a party, place, sector or lead that the register does not know.
 */
export async function resolveFilter(db: Reader, filter: AgreementFilter): Promise<ResolvedFilter> {
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
    if (!(await occurs(db, 'sector', sector))) errors['sector'] = `“${sector}” is not a sector of the register`
  }
  if (filter.lead !== null && !(await occurs(db, 'lead', filter.lead)))
    errors['lead'] = `“${filter.lead}” leads no agreement`
  if (Object.keys(errors).length > 0) throw badFilter(errors)
  return { filter, partyIds, placeIds, search: filter.q === null ? null : await chooseSearch(db, filter.q) }
}

async function occurs(db: Reader, column: 'sector' | 'lead', value: string): Promise<boolean> {
  return (
    (await db.selectFrom('agreements').select('id').where(column, '=', value).limit(1).executeTakeFirst()) !== undefined
  )
}

/** The words as typed; only when they find nothing in the whole register, the consonants of names. */
async function chooseSearch(db: Reader, q: string): Promise<ResolvedFilter['search']> {
  const tokens = searchTokens(q)
  if (tokens.length === 0 || (await findsAny(db, 'words', tokens))) return { mode: 'words', tokens }
  const keys = tokens.map(consonantKey).filter((key) => key.length >= 2)
  if (keys.length > 0 && (await findsAny(db, 'keys', keys))) return { mode: 'keys', tokens: keys }
  return { mode: 'words', tokens }
}

async function findsAny(db: Reader, mode: SearchMode, tokens: string[]): Promise<boolean> {
  const found = await db
    .selectFrom('agreements')
    .select('id')
    .where('id', 'in', agreementsMatching(mode, tokens))
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** The one WHERE of page, counts and exports; counts leave out what the facets choose, to count the alternatives as well. */
export function conditions(
  eb: ExpressionBuilder<Schema, 'agreements'>,
  resolved: ResolvedFilter,
  { facets }: { facets: boolean } = { facets: true },
): Expression<SqlBool>[] {
  const { filter, partyIds, placeIds, search } = resolved
  const all: Expression<SqlBool>[] = []
  if (facets && filter.status.length > 0) all.push(eb('status', 'in', filter.status))
  if (facets && filter.sector.length > 0) all.push(eb('sector', 'in', filter.sector))
  if (facets && filter.kind.length > 0) all.push(eb('kind', 'in', filter.kind))
  if (filter.means !== null) all.push(eb('means', '=', filter.means))
  if (filter.lead !== null) all.push(eb('lead', '=', filter.lead))
  if (filter.signed_from !== null)
    all.push(eb('signed_on', '>=', lowerBound(filter.signed_from) as typeof filter.signed_from))
  if (filter.signed_to !== null) all.push(eb('signed_on', '<=', lastDay(filter.signed_to) as typeof filter.signed_to))
  for (const id of partyIds) {
    all.push(
      eb('agreements.id', 'in', eb.selectFrom('agreement_parties').select('agreement_id').where('party_id', '=', id)),
    )
  }
  for (const country of filter.country) {
    all.push(
      eb(
        'agreements.id',
        'in',
        eb
          .selectFrom('agreement_parties')
          .innerJoin('parties', 'parties.id', 'agreement_parties.party_id')
          .select('agreement_id')
          .where('country', '=', country),
      ),
    )
  }
  if (placeIds) {
    all.push(
      eb(
        'agreements.id',
        'in',
        eb.selectFrom('agreement_places').select('agreement_id').where('place_id', 'in', placeIds),
      ),
    )
  }
  if (search)
    all.push(
      search.tokens.length > 0
        ? eb('agreements.id', 'in', agreementsMatching(search.mode, search.tokens))
        : eb.lit(false),
    )
  return all
}

const SORT_COLUMNS: Record<Sort, keyof Schema['agreements']> = {
  reference: 'reference',
  title: 'title_sort',
  kind: 'kind',
  sector: 'sector',
  status: 'status',
  status_since: 'status_since',
  signed_on: 'signed_on',
  updated_at: 'updated_at',
}

function selectOrdered(db: Reader, resolved: ResolvedFilter) {
  const { sort, descending } = resolved.filter
  const direction = descending ? 'desc' : 'asc'
  return db
    .selectFrom('agreements')
    .where((eb) => eb.and(conditions(eb, resolved)))
    .orderBy(SORT_COLUMNS[sort], (order) => (descending ? order.desc() : order.asc()).nullsLast())
    .orderBy('id', direction)
}

function selectListed(db: Reader, resolved: ResolvedFilter) {
  return selectOrdered(db, resolved).select(LIST_COLUMNS).execute()
}

/** One page of the list. The ids are found first, so that a late page skips index entries and not whole rows. */
export async function listAgreements(db: Reader, resolved: ResolvedFilter): Promise<ListedAgreement[]> {
  const { page, per_page } = resolved.filter
  const ids = await selectOrdered(db, resolved)
    .select('id')
    .limit(per_page)
    .offset((page - 1) * per_page)
    .execute()
  if (ids.length === 0) return []
  const order = ids.map(({ id }) => id)
  const rows = await db.selectFrom('agreements').select(LIST_COLUMNS).where('id', 'in', order).execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return order.flatMap((id) => byId.get(id) ?? [])
}

/** Every row of a filter, in the page's order, for an export. */
export function streamAgreements(db: Database, resolved: ResolvedFilter): AsyncIterable<ListedAgreement[]> {
  const query: CompiledQuery<ListedAgreement> = selectOrdered(db.read, resolved).select(LIST_COLUMNS).compile()
  return db.stream(query)
}

/** A party's or a place's agreements in the order of their signature, those without a day last; no more than `most`. */
export async function listAgreementsOf(
  db: Reader,
  table: 'agreement_parties' | 'agreement_places',
  column: 'party_id' | 'place_id',
  id: number,
  most: number,
): Promise<ListedAgreement[]> {
  const linked = sql<number>`(select agreement_id from ${sql.table(table)} where ${sql.ref(column)} = ${id})`
  return db
    .selectFrom('agreements')
    .select(LIST_COLUMNS)
    .where('id', 'in', linked)
    .orderBy('signed_on', (order) => order.asc().nullsLast())
    .orderBy('id')
    .limit(most)
    .execute()
}
