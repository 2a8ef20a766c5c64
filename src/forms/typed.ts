import type { z } from 'zod'
import type { FieldErrors } from '../errors.ts'

/** A form as it was typed, for showing it again. */
export type Typed = Record<string, string | string[]>

/** A form as it is filled in: what was typed, and what is wrong in it. */
export interface Filled {
  typed: Typed
  errors: FieldErrors
}

/** A form that nobody typed into yet. */
export const BLANK: Filled = { typed: {}, errors: {} }

type Parsed<Output> = { ok: true; data: Output } | { ok: false; errors: FieldErrors }

/** Checks a form's body: what it means, or one message for each field that is wrong. */
export function parseForm<Output>(schema: z.ZodType<Output>, body: unknown): Parsed<Output> {
  const result = schema.safeParse(body ?? {})
  if (result.success) return { ok: true, data: result.data }
  const errors: FieldErrors = {}
  for (const issue of result.error.issues) {
    if (issue.code === 'unrecognized_keys')
      errors[''] = `Unknown field ${issue.keys.map((key) => key.slice(0, 40)).join(', ')}: leave it out`
    else errors[String(issue.path[0] ?? '')] ??= issue.message
  }
  return { ok: false, errors }
}

/** The body as text, whatever was sent. */
export function typed(body: unknown): Typed {
  return Object.fromEntries(
    Object.entries((body ?? {}) as Record<string, unknown>).map(([field, value]) => [
      field,
      Array.isArray(value) ? value.map(String) : String(value),
    ]),
  )
}

/** The texts of a field that may be repeated. */
export function texts(typed: Typed, field: string): string[] {
  const value = typed[field]
  return value === undefined ? [] : Array.isArray(value) ? value : [value]
}

/** Screen readers hear at once that a form came back. */
export function titled(title: string, errors: FieldErrors): string {
  return Object.keys(errors).length > 0 ? `Error: ${title}` : title
}
