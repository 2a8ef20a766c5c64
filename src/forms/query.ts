import type { z } from 'zod'
import { badFilter, type FieldErrors } from '../errors.ts'

/**
 * Reads a query string; empty parameters, as an untouched form sends them, count as not given.
 * @throws AppError `bad_request` that names every wrong or unknown parameter and what is accepted.
 */
export function parseQuery<Output>(schema: z.ZodType<Output>, query: Record<string, unknown>): Output {
  const given = Object.fromEntries(
    Object.entries(query)
      .map(([name, value]) => [name, Array.isArray(value) ? value.filter((one) => one !== '') : value] as const)
      .filter(([, value]) => value !== '' && value !== undefined && !(Array.isArray(value) && value.length === 0)),
  )
  const result = schema.safeParse(given)
  if (result.success) return result.data
  throw badFilter(queryErrors(result.error))
}

function queryErrors(error: z.ZodError): FieldErrors {
  // A map, since a parameter may be called `__proto__` as well.
  const errors = new Map<string, string>()
  const add = (name: string, message: string) => errors.has(name) || errors.set(name, message)
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys) add(excerpt(key), 'is not a filter of this list')
    else add(String(issue.path[0]), issue.message)
  }
  return Object.fromEntries(errors)
}

/** What was typed, short and without signs that could upset a page or a terminal. */
export function excerpt(text: string): string {
  return text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '\u00b7').slice(0, 40) + (text.length > 40 ? '…' : '')
}
