import { z } from 'zod'
import { parseQuery } from '../forms/query.ts'
import { DEFAULT_ORDER, type Order, orderParameters } from './order.ts'
import { type Chosen, FILTER_NAMES, ofEach, PARAMETERS } from './parameters.ts'

/** Which agreements, in which order, and which page of them: what the address of a list says. */
export type AgreementFilter = Chosen & Order

export const DEFAULT_FILTER: AgreementFilter = {
  ...(Object.fromEntries(FILTER_NAMES.map((name) => [name, PARAMETERS[name].none])) as Chosen),
  ...DEFAULT_ORDER,
}

const { as_of: _asOf, known_at: _knownAt, ...read } = PARAMETERS
const schemas = Object.entries(read).map(([name, { schema }]) => [name, schema] as const)
const schema = z.strictObject(
  Object.fromEntries(schemas) as { [Name in keyof typeof read]: (typeof read)[Name]['schema'] },
)

/**
 * Reads a list's query string. Empty parameters, as an untouched form sends them, count as not given.
 * @throws AppError `bad_request` that names every wrong or unknown parameter and what is accepted.
 */
export function parseFilter(query: Record<string, unknown>): AgreementFilter {
  const { sort: sorted, page, per_page, ...chosen } = parseQuery(schema, query)
  return {
    ...chosen,
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
  const chosen = ofEach(filter, (parameter, value, name) =>
    parameter.said(value).map((text): [string, string] => [name, text]),
  ).flat()
  const text = new URLSearchParams([...chosen, ...orderParameters(filter)]).toString()
  return text === '' ? '' : `?${text}`
}
