import { z } from 'zod'
import { firstDay, isPartialDate, PARTIAL_DATE_HINT, type PartialDate } from '../time/partial-date.ts'
import { badFilter } from '../errors.ts'
import { parseQuery } from '../forms/query.ts'

/** Two days to compare, each as it was typed; a partial date counts as its first day. */
export interface Comparison {
  from: PartialDate
  to: PartialDate
  page: number
  per_page: number
}

const PER_PAGE = 100

const date = z
  .string({ error: 'may be given once only' })
  .trim()
  .refine(isPartialDate, { error: `is not a date: give ${PARTIAL_DATE_HINT}` })

const schema = z.strictObject({
  from: date.optional(),
  to: date.optional(),
  page: z
    .string({ error: 'may be given once only' })
    .regex(/^[1-9]\d{0,6}$/, 'is not a page number: give a whole number from 1')
    .transform(Number)
    .optional(),
})

/**
 * Reads the query string of the comparison; null when neither day is given yet.
 * @throws AppError `bad_request` for a wrong parameter, one day alone, or days in the wrong order.
 */
export function parseComparison(query: Record<string, unknown>): Comparison | null {
  const { from, to, page } = parseQuery(schema, query)
  if (from === undefined && to === undefined) return null
  if (from === undefined) throw badFilter({ from: `is missing: give ${PARTIAL_DATE_HINT}` })
  if (to === undefined) throw badFilter({ to: `is missing: give ${PARTIAL_DATE_HINT}` })
  if (firstDay(to) <= firstDay(from)) throw badFilter({ to: `${to} is not behind ${from}: give the earlier day first` })
  return { from, to, page: page ?? 1, per_page: PER_PAGE }
}

/** The query string of a comparison; begins with `?`. */
export function comparisonQuery({ from, to, page }: Comparison): string {
  return `?${new URLSearchParams({ from, to, ...(page === 1 ? {} : { page: String(page) }) }).toString()}`
}
