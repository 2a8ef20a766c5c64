import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import { engineOf, type EngineName } from '../database/engines/engine.ts'
import { agreementsMatching, type SearchMode } from '../database/engines/search.ts'
import type { Reader, Schema } from '../database/schema.ts'
import { badFilter, type FieldErrors } from '../errors.ts'
import { consonantKey } from '../names/name.ts'
import { findPartyId } from '../directories/party-queries.ts'
import { findPlaceIds } from '../directories/place-queries.ts'
import { knownAt } from '../time/known.ts'
import type { Moment } from '../time/moment.ts'
import type { AgreementFilter } from './filter.ts'
import type { Asked } from './parameter.ts'
import { FILTER_NAMES, type FilterName, ofEach } from './parameters.ts'
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
  placeIds: number[]
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
  const partyIds = new Set<number>()
  for (const party of filter.party) {
    const id = await findPartyId(db, party)
    if (id === undefined) errors['party'] = `“${party}” is not a party of the register: see /parties`
    else partyIds.add(id)
  }
  const placeIds = filter.place === null ? [] : await findPlaceIds(db, filter.place)
  if (filter.place !== null && placeIds.length === 0)
    errors['place'] = `“${filter.place}” is not a place of the register: see /places`
  const mustOccur = ofEach(filter, ({ occurs, ...parameter }, value, name) =>
    occurs ? [{ ...occurs, texts: parameter.said(value), name }] : [],
  )
  for (const { column, texts, name, otherwise } of mustOccur.flat()) {
    const unknown = await neverOccurring(db, column, texts)
    if (unknown !== undefined) errors[name] = otherwise(unknown)
  }
  if (Object.keys(errors).length > 0) throw badFilter(errors)
  const search = filter.q === null ? null : await chooseSearch(db, filter.q, moment)
  return { engine: engineOf(db), filter, moment, today, partyIds: [...partyIds], placeIds, search }
}

/** One of some values that no agreement has now, or ever had; the tables are read once for all of them. */
async function neverOccurring(db: Reader, column: 'sector' | 'lead', texts: string[]): Promise<string | undefined> {
  let left = texts
  for (const table of ['agreements', 'agreement_versions'] as const) {
    if (left.length === 0) return undefined
    const rows = await db.selectFrom(table).select(column).distinct().where(column, 'in', left).execute()
    const found = new Set(rows.map((row) => row[column]))
    left = left.filter((text) => !found.has(text))
  }
  return left.at(-1)
}

/** The words as typed; only when they find nothing in the whole register, the consonants of names. */
async function chooseSearch(db: Reader, q: string, { instant }: Moment): Promise<ResolvedFilter['search']> {
  const tokens = searchTokens(q)
  if (tokens.length === 0 || (await findsAny(db, 'words', tokens, instant))) return { mode: 'words', tokens }
  const keys = [...new Set(tokens.map(consonantKey))].filter((key) => key.length >= 2)
  if (keys.length > 0 && (await findsAny(db, 'keys', keys, instant))) return { mode: 'keys', tokens: keys }
  return { mode: 'words', tokens }
}

async function findsAny(db: Reader, mode: SearchMode, tokens: string[], instant: string | null): Promise<boolean> {
  const found = await sql<{
    found: number
  }>`select 1 as found where exists ${agreementsMatching(engineOf(db), mode, tokens, instant)}`.execute(db)
  return found.rows.length > 0
}

/**
 * The order in which the WHERE asks: first what a row's own columns answer, the search last. Whatever is not named here is asked
 * behind these.
 */
const ASKED_FIRST: readonly FilterName[] = [
  'status',
  'sector',
  'kind',
  'means',
  'lead',
  'signed_from',
  'signed_to',
  'contested',
  'party',
  'country',
  'place',
  'q',
]
const IN_ORDER = [...ASKED_FIRST, ...FILTER_NAMES.filter((name) => !ASKED_FIRST.includes(name))]

/** The one WHERE of page, counts and exports; counts leave out what the facets choose, to count the alternatives as well. */
export function conditions(
  eb: ExpressionBuilder<Schema, 'agreements'>,
  resolved: ResolvedFilter,
  { facets }: { facets: boolean } = { facets: true },
): Expression<SqlBool>[] {
  const { engine, filter, moment, partyIds, placeIds, search } = resolved
  const asked: Asked = {
    eb,
    linked: () =>
      eb.selectFrom('agreement_links').select('agreement_id').where(knownAt(moment.instant, 'agreement_links')),
    found: () =>
      search && search.tokens.length > 0
        ? eb('id', 'in', agreementsMatching(engine, search.mode, search.tokens, moment.instant))
        : eb.lit(false),
    partyIds,
    placeIds,
  }
  return ofEach(
    filter,
    (parameter, value) => (facets || !parameter.isFacet ? parameter.conditions(value, asked) : []),
    IN_ORDER,
  ).flat()
}

/** Whether a filter asks for what only the agreement itself has, not its standing. */
export function asksForMore(filter: AgreementFilter): boolean {
  return ofEach(filter, (parameter, value) => parameter.asksForMore && parameter.said(value).length > 0).includes(true)
}
