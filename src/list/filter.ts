import { z } from 'zod'
import { isPartialDate, PARTIAL_DATE_HINT, type PartialDate } from '../time/partial-date.ts'
import { excerpt, parseQuery } from '../forms/query.ts'
import { parseCountry } from '../names/country.ts'
import { AGREEMENT_KINDS, type AgreementKind } from '../words/kind.ts'
import { MEANS, type Means, type Status, STATUSES } from '../words/status.ts'

export const SORTS = [
  'reference',
  'title',
  'kind',
  'sector',
  'status',
  'status_since',
  'signed_on',
  'updated_at',
] as const
export type Sort = (typeof SORTS)[number]
export const PER_PAGE = [25, 50, 100, 200] as const

/** Which agreements, in which order, and which page of them: what the address of a list says. */
export interface AgreementFilter {
  q: string | null
  /** Any of these. */
  status: Status[]
  means: Means | null
  /** All of these take part: by slug, or by a name in any spelling. */
  party: string[]
  /** Parties from all of these, alpha-2: `country=RU&country=SY` is "between Russia and Syria". */
  country: string[]
  place: string | null
  /** Any of these. */
  kind: AgreementKind[]
  /** Any of these. */
  sector: string[]
  signed_from: PartialDate | null
  /** Up to the end of what it names: `2019` lets all of 2019 through. */
  signed_to: PartialDate | null
  lead: string | null
  /** Those whose position somebody's standing claim contradicts, or those of whom nobody does. */
  contested: 'yes' | 'no' | null
  sort: Sort
  descending: boolean
  page: number
  per_page: number
}

export const DEFAULT_FILTER: AgreementFilter = {
  q: null,
  status: [],
  means: null,
  party: [],
  country: [],
  place: null,
  kind: [],
  sector: [],
  signed_from: null,
  signed_to: null,
  lead: null,
  contested: null,
  sort: 'status_since',
  descending: true,
  page: 1,
  per_page: 50,
}

const LONGEST = 200

function once<Out>(read: (text: string) => Out | undefined, accepted: string) {
  return z
    .string({ error: ({ input }) => (Array.isArray(input) ? 'may be given once only' : 'must be text') })
    .transform((text, context): Out => {
      const value = usable(text) ? read(text.trim()) : undefined
      if (value === undefined) context.addIssue({ code: 'custom', message: `“${excerpt(text)}” is not ${accepted}` })
      return value as Out
    })
    .nullable()
    .default(null)
}

function often<Out>(read: (text: string) => Out | undefined, accepted: string) {
  return z
    .union([z.string().transform((text) => [text]), z.array(z.string())], { error: 'must be text' })
    .transform((texts, context): Out[] =>
      [...new Set(texts)].flatMap((text) => {
        const value = usable(text) ? read(text.trim()) : undefined
        if (value === undefined) context.addIssue({ code: 'custom', message: `“${excerpt(text)}” is not ${accepted}` })
        return value ?? []
      }),
    )
    .default([])
}

const wordOf =
  <const Word extends string>(words: readonly Word[]) =>
  (text: string): Word | undefined =>
    words.find((word) => word === text)

const nonEmpty = (text: string): string | undefined => text || undefined
const date = once((text) => (isPartialDate(text) ? text : undefined), `a date: give ${PARTIAL_DATE_HINT}`)

const schema = z.strictObject({
  q: once(nonEmpty, `a search: give at most ${LONGEST} characters`),
  status: often(wordOf(STATUSES), `a status: give ${STATUSES.join(', ')}`),
  means: once(wordOf(MEANS), `a means: give ${MEANS.join(', ')}`),
  party: often(nonEmpty, 'a party'),
  country: often(parseCountry, 'a country: give an ISO 3166-1 code such as SY or SYR'),
  place: once(nonEmpty, 'a place'),
  kind: often(wordOf(AGREEMENT_KINDS), `a kind: give ${AGREEMENT_KINDS.join(', ')}`),
  sector: often(nonEmpty, 'a sector'),
  signed_from: date,
  signed_to: date,
  lead: once(nonEmpty, 'a lead'),
  contested: once(wordOf(['yes', 'no']), 'an answer: give yes or no'),
  sort: once((text) => readSort(text), `a column to sort by: give ${SORTS.join(', ')}, with - in front for descending`),
  page: once(
    (text) => (/^[1-9]\d{0,6}$/.test(text) ? Number(text) : undefined),
    'a page number: give a whole number from 1',
  ),
  per_page: once((text) => PER_PAGE.find((size) => String(size) === text), `a page size: give ${PER_PAGE.join(', ')}`),
})

/**
 * Reads a list's query string. Empty parameters, as an untouched form sends them, count as not given.
 * @throws AppError `bad_request` that names every wrong or unknown parameter and what is accepted.
 */
export function parseFilter(query: Record<string, unknown>): AgreementFilter {
  const { sort: sorted, page, per_page, ...rest } = parseQuery(schema, query)
  return {
    ...rest,
    ...(sorted ?? { sort: DEFAULT_FILTER.sort, descending: DEFAULT_FILTER.descending }),
    page: page ?? DEFAULT_FILTER.page,
    per_page: per_page ?? DEFAULT_FILTER.per_page,
  }
}

/**
 * The query string that says a filter, without what is the default, parameters in a fixed order, so that one list has one address.
 * Begins with `?`, or is empty.
 */
export function filterQuery(filter: AgreementFilter): string {
  const query = new URLSearchParams()
  const add = (name: string, value: string | number | null) => value !== null && query.append(name, String(value))
  add('q', filter.q)
  for (const status of filter.status) add('status', status)
  add('means', filter.means)
  for (const party of filter.party) add('party', party)
  for (const country of filter.country) add('country', country)
  add('place', filter.place)
  for (const kind of filter.kind) add('kind', kind)
  for (const sector of filter.sector) add('sector', sector)
  add('signed_from', filter.signed_from)
  add('signed_to', filter.signed_to)
  add('lead', filter.lead)
  add('contested', filter.contested)
  if (filter.sort !== DEFAULT_FILTER.sort || filter.descending !== DEFAULT_FILTER.descending) {
    add('sort', `${filter.descending ? '-' : ''}${filter.sort}`)
  }
  if (filter.page !== DEFAULT_FILTER.page) add('page', filter.page)
  if (filter.per_page !== DEFAULT_FILTER.per_page) add('per_page', filter.per_page)
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

function readSort(text: string): { sort: Sort; descending: boolean } | undefined {
  const descending = text.startsWith('-')
  const sort = SORTS.find((column) => column === text.slice(descending ? 1 : 0))
  return sort && { sort, descending }
}

function usable(text: string): boolean {
  return (
    text.length <= LONGEST && text.isWellFormed() && !/[\u0000-\u001f\u007f\ufffd\u202a-\u202e\u2066-\u2069]/.test(text)
  )
}
