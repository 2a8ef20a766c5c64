import { countryName, parseCountry } from '../names/country.ts'
import { formatPartialDate, isPartialDate, lastDay, lowerBound, PARTIAL_DATE_HINT } from '../time/partial-date.ts'
import type { PartialDate } from '../time/partial-date.ts'
import { AGREEMENT_KINDS, type AgreementKind, kindLabel } from '../words/kind.ts'
import { MEANS, type Means, meansLabel, type Status, STATUSES, statusLabel } from '../words/status.ts'
import { MOST_WORDS, searchTokens } from '../standing/search-text.ts'
import { PER_PAGE, readSort, SORTS } from './order.ts'
import { type Filter, LONGEST, often, once, readOnce } from './parameter.ts'

const wordOf =
  <Word extends string>(words: readonly Word[]) =>
  (text: string): Word | undefined =>
    words.find((word) => word === text)

const nonEmpty = (text: string): string | undefined => text || undefined
const date = {
  read: (text: string) => (isPartialDate(text) ? text : undefined),
  accepted: `a date: give ${PARTIAL_DATE_HINT}`,
}

/** Each of so many values is asked for by itself: whichever is the rarest, the search may begin with it. */
const FEW = 3

/** All of some values. Of many it is asked how many of them an agreement has: the time to plan as many questions grows with its cube. */
function allOf<Value, Condition>(
  values: readonly Value[],
  each: (one: readonly Value[]) => Condition,
  counted: (values: readonly Value[]) => Condition,
): Condition[] {
  return values.length <= FEW ? values.map((value) => each([value])) : [counted(values)]
}

/** Read by `takeMoment`, as on every page that can look at the past. */
const moment = { is: 'moment', repeats: false } as const
const order = { is: 'order', repeats: false } as const
const paging = { is: 'paging', repeats: false } as const

/**
 * The parameters of the list's address, in the order in which an address says them and the page shows their chips: read by the
 * address, the conditions, the chips, and the options of `clausula export`, which offers all but the paging.
 */
export const PARAMETERS = {
  q: once({
    read: (text) => (searchTokens(text).length > MOST_WORDS ? undefined : nonEmpty(text)),
    accepted: `a search: give at most ${LONGEST} characters and ${MOST_WORDS} words`,
    condition: (_words, { found }) => found(),
    chip: (words) => `Search: ${words}`,
  }),
  /** Any of these. */
  status: often({
    read: wordOf<Status>(STATUSES),
    accepted: `a status: give ${STATUSES.join(', ')}`,
    condition: (statuses, { eb }) => eb('status', 'in', statuses),
    chip: (status) => `Status: ${statusLabel(status)}`,
    isFacet: true,
  }),
  means: once({
    read: wordOf<Means>(MEANS),
    accepted: `a means: give ${MEANS.join(', ')}`,
    condition: (means, { eb }) => eb('means', '=', means),
    chip: (means) => `Means: ${meansLabel(means)}`,
  }),
  /** All of these take part: by slug, or by a name in any spelling. */
  party: often({
    read: nonEmpty,
    accepted: 'a party',
    condition: (_names, { eb, linked, partyIds }) =>
      allOf(
        partyIds,
        (one) => eb('id', 'in', linked().where('link', '=', 'party').where('other_id', 'in', one)),
        (ids) =>
          eb(
            'id',
            'in',
            linked()
              .where('link', '=', 'party')
              .where('other_id', 'in', ids)
              .groupBy('agreement_id')
              .having(({ fn }) => fn.count('other_id').distinct(), '=', ids.length),
          ),
      ),
    chip: (party) => `Party: ${party}`,
  }),
  /** Parties from all of these, alpha-2: `country=RU&country=SY` is “between Russia and Syria”. */
  country: often({
    read: parseCountry,
    accepted: 'a country: give an ISO 3166-1 code such as SY or SYR',
    condition: (countries, { eb, linked }) => {
      const from = (some: readonly string[]) =>
        linked()
          .innerJoin('parties', 'parties.id', 'agreement_links.other_id')
          .where('link', '=', 'party')
          .where('country', 'in', some)
      return allOf(
        countries,
        (one) => eb('id', 'in', from(one)),
        (some) =>
          eb(
            'id',
            'in',
            from(some)
              .groupBy('agreement_id')
              .having(({ fn }) => fn.count('country').distinct(), '=', some.length),
          ),
      )
    },
    chip: (country) => `Country: ${countryName(country)}`,
  }),
  place: once({
    read: nonEmpty,
    accepted: 'a place',
    condition: (_name, { eb, linked, placeIds }) =>
      eb('id', 'in', linked().where('link', '=', 'place').where('other_id', 'in', placeIds)),
    chip: (place) => `Place: ${place}`,
  }),
  /** Any of these. */
  kind: often({
    read: wordOf<AgreementKind>(AGREEMENT_KINDS),
    accepted: `a kind: give ${AGREEMENT_KINDS.join(', ')}`,
    condition: (kinds, { eb }) => eb('kind', 'in', kinds),
    chip: (kind) => `Kind: ${kindLabel(kind)}`,
    isFacet: true,
  }),
  /** Any of these. */
  sector: often({
    read: nonEmpty,
    accepted: 'a sector',
    condition: (sectors, { eb }) => eb('sector', 'in', sectors),
    chip: (sector) => `Sector: ${sector}`,
    isFacet: true,
    occurs: { column: 'sector', otherwise: (sector) => `“${sector}” is not a sector of the register` },
  }),
  signed_from: once({
    ...date,
    condition: (from, { eb }) => eb('signed_on', '>=', lowerBound(from) as PartialDate),
    chip: (from) => `Signed since ${formatPartialDate(from)}`,
    asksForMore: true,
  }),
  /** Up to the end of what it names: `2019` lets all of 2019 through. */
  signed_to: once({
    ...date,
    condition: (to, { eb }) => eb('signed_on', '<=', lastDay(to) as PartialDate),
    chip: (to) => `Signed until ${formatPartialDate(to)}`,
    asksForMore: true,
  }),
  lead: once({
    read: nonEmpty,
    accepted: 'a lead',
    condition: (lead, { eb }) => eb('lead', '=', lead),
    chip: (lead) => `Lead: ${lead}`,
    asksForMore: true,
    occurs: { column: 'lead', otherwise: (lead) => `“${lead}” leads no agreement` },
  }),
  as_of: moment,
  known_at: moment,
  /** Those whose position somebody's standing claim contradicts, or those of whom nobody does. */
  contested: once({
    read: wordOf<'yes' | 'no'>(['yes', 'no']),
    accepted: 'an answer: give yes or no',
    condition: (answer, { eb }) => eb('contested', '=', answer === 'yes' ? 1 : 0),
    chip: (answer) => (answer === 'yes' ? 'Contested' : 'Not contested'),
    isFacet: true,
  }),
  sort: {
    ...order,
    schema: readOnce(readSort, `a column to sort by: give ${SORTS.join(', ')}, with - in front for descending`),
  },
  page: {
    ...paging,
    schema: readOnce(
      (text) => (/^[1-9]\d{0,6}$/.test(text) ? Number(text) : undefined),
      'a page number: give a whole number from 1',
    ),
  },
  per_page: {
    ...paging,
    schema: readOnce(
      (text) => PER_PAGE.find((size) => String(size) === text),
      `a page size: give ${PER_PAGE.join(', ')}`,
    ),
  },
}

type Parameters = typeof PARAMETERS
/** The parameters that say which agreements. */
export type FilterName = {
  [Name in keyof Parameters]: Parameters[Name] extends { is: 'filter' } ? Name : never
}[keyof Parameters]
/** What each of them was given. */
export type Chosen = { [Name in FilterName]: Parameters[Name] extends Filter<infer Value> ? Value : never }

const isFilterName = (name: string): name is FilterName => PARAMETERS[name as keyof Parameters].is === 'filter'
/** Their names, in the order of the table. */
export const FILTER_NAMES: readonly FilterName[] = Object.keys(PARAMETERS).filter(isFilterName)

/** What some of the filters answer of what was given, in the order of the names. */
export function ofEach<Answer>(
  chosen: Chosen,
  ask: (filter: Filter<Chosen[FilterName]>, value: Chosen[FilterName], name: FilterName) => Answer,
  names: readonly FilterName[] = FILTER_NAMES,
): Answer[] {
  return names.map((name) => ask(PARAMETERS[name], chosen[name], name))
}
