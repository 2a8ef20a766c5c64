import { z } from 'zod'
import { parseQuery } from '../forms/query.ts'
import { RELIABILITIES, type Reliability } from '../words/source.ts'

/** What the address of the list of sources says. */
export interface SourceFilter {
  /** Part of a title, a publisher or an address. */
  q: string | null
  publisher: string | null
  /** `none`: not graded yet. */
  reliability: Reliability | 'none' | null
  /** `nothing`: no claim and no position rests on it. */
  rests: 'nothing' | null
  page: number
  per_page: number
}

const PER_PAGE = 50
const once = z.string({ error: 'may be given once only' })
const text = once
  .trim()
  .max(200, 'is too long: give at most 200 characters')
  .regex(/^[^\u0000-\u001f\ufffd\u202a-\u202e\u2066-\u2069]*$/, 'holds a character that cannot be searched')
  .optional()

const schema = z.strictObject({
  q: text,
  publisher: text,
  reliability: z
    .enum([...RELIABILITIES, 'none'], { error: `is not a reliability: give ${RELIABILITIES.join(', ')} or none` })
    .optional(),
  rests: z.literal('nothing', { error: 'is not an answer: give nothing' }).optional(),
  page: once
    .regex(/^[1-9]\d{0,6}$/, 'is not a page number: give a whole number from 1')
    .transform(Number)
    .optional(),
})

/**
 * Reads the query string of the list of sources; empty parameters count as not given.
 * @throws AppError `bad_request` naming every wrong or unknown parameter.
 */
export function parseSourceFilter(query: Record<string, unknown>): SourceFilter {
  const { q, publisher, reliability, rests, page } = parseQuery(schema, query)
  return {
    q: q || null,
    publisher: publisher || null,
    reliability: reliability ?? null,
    rests: rests ?? null,
    page: page ?? 1,
    per_page: PER_PAGE,
  }
}

/** The query string of a filter; begins with `?`, or is empty. */
export function sourceQuery({ q, publisher, reliability, rests, page }: SourceFilter): string {
  const query = new URLSearchParams()
  if (q !== null) query.set('q', q)
  if (publisher !== null) query.set('publisher', publisher)
  if (reliability !== null) query.set('reliability', reliability)
  if (rests !== null) query.set('rests', rests)
  if (page !== 1) query.set('page', String(page))
  const result = query.toString()
  return result === '' ? '' : `?${result}`
}
