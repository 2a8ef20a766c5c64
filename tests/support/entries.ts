import type { z } from 'zod'

/** What a schema finds wrong in an object, as `path: message`; empty when it is an entry. */
export function faults(schema: z.ZodType, given: unknown): string[] {
  return (schema.safeParse(given).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}
