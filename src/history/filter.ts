import { z } from 'zod'
import { parseQuery } from '../forms/query.ts'
import { CHANGE_KINDS } from '../words/change-kind.ts'
import type { ChangeFilter } from './conditions.ts'

const PER_PAGE = ['25', '50', '100', '200'] as const
const once = z.string({ error: 'may be given once only' })

const schema = z.strictObject({
  actor: once
    .regex(/^[1-9]\d{0,14}$/, 'is not an account: choose one from the list')
    .transform(Number)
    .optional(),
  kind: z.enum(CHANGE_KINDS, { error: `is not a kind of change: give ${CHANGE_KINDS.join(', ')}` }).optional(),
  day: z.iso.date({ error: 'is not a day: give one such as 2026-11-23' }).optional(),
  page: once
    .regex(/^[1-9]\d{0,6}$/, 'is not a page number: give a whole number from 1')
    .transform(Number)
    .default(1),
  per_page: z
    .enum(PER_PAGE, { error: `is not a page size: give ${PER_PAGE.join(', ')}` })
    .transform(Number)
    .default(50),
})

/** What the address of a history says. */
export type HistoryFilter = Omit<ChangeFilter, 'agreementId' | 'moment' | 'names'> & { page: number; per_page: number }

/**
 * Reads a history's query string; empty parameters count as not given.
 * @throws AppError `bad_request` naming every wrong or unknown parameter.
 */
export function parseHistoryFilter(query: Record<string, unknown>): HistoryFilter {
  const { actor, kind, day, page, per_page } = parseQuery(schema, query)
  return {
    page,
    per_page,
    ...(actor === undefined ? {} : { actor }),
    ...(kind === undefined ? {} : { kind }),
    ...(day === undefined ? {} : { day }),
  }
}

/** The query string of a filter; begins with `?`, or is empty. */
export function historyQuery({ actor, kind, day, page, per_page }: HistoryFilter): string {
  const query = new URLSearchParams()
  if (actor !== undefined) query.set('actor', String(actor))
  if (kind !== undefined) query.set('kind', kind)
  if (day !== undefined) query.set('day', day)
  if (page !== 1) query.set('page', String(page))
  if (per_page !== 50) query.set('per_page', String(per_page))
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}
