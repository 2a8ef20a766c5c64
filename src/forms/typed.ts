import type { z } from 'zod'
import { AppError, type FieldErrors } from '../errors.ts'

/** A form as it was typed, for showing it again. */
export type Typed = Record<string, string | string[]>

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

/** Shows the form again when the command finds something wrong in what was typed. */
export async function orShowAgain(
  again: (errors: FieldErrors) => Promise<void> | void,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid') throw error
    await again(error.fields)
  }
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
