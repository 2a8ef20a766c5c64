import { z } from 'zod'
import { parseQuery } from '../forms/query.ts'

const once = z.string({ error: 'may be given once only' })

const schema = z.strictObject({
  q: once
    .trim()
    .max(200, 'is too long: give at most 200 characters')
    .regex(/^[^\u0000-\u001f\ufffd\u202a-\u202e\u2066-\u2069]*$/, 'holds a character that cannot be searched')
    .optional(),
  page: once
    .regex(/^[1-9]\d{0,6}$/, 'is not a page number: give a whole number from 1')
    .transform(Number)
    .optional(),
})

const PER_PAGE = 100

/** What the address of a directory's list says: a search in all names, and a page. */
export interface DirectoryFilter {
  q: string | null
  page: number
  per_page: number
}

/** @throws AppError `bad_request` naming every wrong or unknown parameter. */
export function parseDirectoryFilter(query: Record<string, unknown>): DirectoryFilter {
  const { q, page } = parseQuery(schema, query)
  return { q: q || null, page: page ?? 1, per_page: PER_PAGE }
}

/** The query string of a filter; begins with `?`, or is empty. */
export function directoryQuery({ q, page }: DirectoryFilter): string {
  const query = new URLSearchParams({ ...(q === null ? {} : { q }), ...(page === 1 ? {} : { page: String(page) }) })
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}
