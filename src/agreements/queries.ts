import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { Snapshot } from '../database/database.ts'
import { engineOf, type EngineName } from '../database/engines/engine.ts'
import { agreementsMatching, type SearchMode } from '../database/engines/search.ts'
import type { Reader, Schema } from '../database/schema.ts'
import { lastDay, lowerBound } from '../dates/partial-date.ts'
import { badFilter, type FieldErrors } from '../errors.ts'
import { consonantKey } from '../names/name.ts'
import { findPartyId } from '../parties/queries.ts'
import { findPlaceIds } from '../places/queries.ts'
import { agreementsAt, isStandingColumn, standingByDay } from '../standing/at.ts'
import { knownAt } from '../standing/known.ts'
import { isPast, type Moment } from '../standing/moment.ts'
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

function selectOrdered(db: Reader, resolved: ResolvedFilter, from: 'agreements') {
  const { sort, descending } = resolved.filter
  const direction = descending ? 'desc' : 'asc'
  return db
    .selectFrom(from)
    .where((eb) => eb.and(conditions(eb, resolved)))
    .orderBy(SORT_COLUMNS[sort], (order) => (descending ? order.desc() : order.asc()).nullsLast())
    .orderBy('id', direction)
}

/** What a filter and its order can be answered from: where agreements stood, or (for what is not kept there) all of them. */
function orderedFrom({ filter, moment, today }: ResolvedFilter): 'agreements' {
  return asksForMore(filter) || !isStandingColumn(SORT_COLUMNS[filter.sort])
    ? agreementsAt(moment, today)
    : standingByDay(moment, today)
}

/** Whether a filter asks for what only the agreement itself has, not its standing. */
export function asksForMore({ lead, signed_from, signed_to }: AgreementFilter): boolean {
  return lead !== null || signed_from !== null || signed_to !== null
}

function selectListed(db: Reader, resolved: ResolvedFilter) {
  return selectOrdered(db, resolved, agreementsAt(resolved.moment, resolved.today)).select(LIST_COLUMNS).execute()
}

/** One page of the list. The ids are found first, so that a late page skips index entries and not whole rows. */
export async function listAgreements(db: Reader, resolved: ResolvedFilter): Promise<ListedAgreement[]> {
  const { page, per_page } = resolved.filter
  const ids = await selectOrdered(db, resolved, orderedFrom(resolved))
    .select('id')
    .limit(per_page)
    .offset((page - 1) * per_page)
    .execute()
  if (ids.length === 0) return []
  return listedByIds(db, resolved, ids)
}

/** The rows of some agreements, in the order of their ids as given. */
async function listedByIds(
  db: Reader,
  { moment, today }: ResolvedFilter,
  ids: readonly { id: number }[],
): Promise<ListedAgreement[]> {
  const order = ids.map(({ id }) => id)
  const rows = await db.selectFrom(agreementsAt(moment, today)).select(LIST_COLUMNS).where('id', 'in', order).execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return order.flatMap((id) => byId.get(id) ?? [])
}

const LOOKED_UP_TOGETHER = 4_000

/** Every row of a filter, in the page's order, for an export. */
export async function* streamAgreements(
  snapshot: Snapshot,
  resolved: ResolvedFilter,
): AsyncGenerator<ListedAgreement[]> {
  const { read } = snapshot
  const { moment, today } = resolved
  if (!isPast(moment)) {
    yield* snapshot.stream<ListedAgreement>(
      selectOrdered(read, resolved, agreementsAt(moment, today)).select(LIST_COLUMNS).compile(),
    )
    return
  }
  // Sorting ids and looking up their rows is quicker than sorting whole rows of several tables; and the more are looked up
  // together, the more of them stand side by side.
  let ids: { id: number }[] = []
  for await (const chunk of snapshot.stream(
    selectOrdered(read, resolved, orderedFrom(resolved)).select('id').compile(),
  )) {
    ids.push(...chunk)
    if (ids.length < LOOKED_UP_TOGETHER) continue
    yield listedByIds(read, resolved, ids)
    ids = []
  }
  if (ids.length > 0) yield listedByIds(read, resolved, ids)
}

/** A party's or a place's agreements in the order of their signature, those without a day last; no more than `most`. */
export async function listAgreementsOf(
  db: Reader,
  link: 'party' | 'place',
  id: number,
  { moment, today, most }: { moment: Moment; today: string; most: number },
): Promise<ListedAgreement[]> {
  return db
    .selectFrom(agreementsAt(moment, today))
    .select(LIST_COLUMNS)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('agreement_links')
        .select('agreement_id')
        .where('link', '=', link)
        .where('other_id', '=', id)
        .where(knownAt(moment.instant, 'agreement_links')),
    )
    .orderBy('signed_on', (order) => order.asc().nullsLast())
    .orderBy('id')
    .limit(most)
    .execute()
}
