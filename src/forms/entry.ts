import { z } from 'zod'
import { MOST } from './fields.ts'
import { addIssue, type Issues } from './issues.ts'

// What is entered is an object, whoever hands it over: a form, and whatever else will. Its schema says what it may hold.

/** An object with these values and no others. */
export function holding<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `Unknown field ${issue.keys.map((key) => key.slice(0, 40)).join(', ')}: leave it out`
        : 'must be an object',
  })
}

/** Several of the same kind. */
export function listOf<Item extends z.core.$ZodType>(item: Item) {
  return z.array(item, { error: 'must be a list' }).max(MOST, `is too long: give at most ${MOST.toLocaleString('en')}`)
}

/** The number of something recorded, such as a claim. */
export function recordedId(what: string) {
  const message = `is not ${what}: give its number`
  return z.int({ error: message }).min(1, message).max(999_999_999_999_999, message)
}

/** The version of an agreement that a decision was made on. */
export const decidedOn = z
  .int({ error: 'must be the version that it is decided on' })
  .min(1, 'must be a version from 1')

/** Yes or no; no where nothing is said. */
export const yesOrNo = z.boolean({ error: 'must be true or false' }).default(false)

/**
 * Hands what a form says to the schema of what is entered.
 * @param fields the form's names for what is called otherwise in an entry: `parties.type` is `party_type`
 */
export function readEntry<Entry, Given>(
  schema: z.ZodType<Entry, Given>,
  given: Given,
  fields: Readonly<Record<string, string>>,
  context: Issues,
): Entry {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  for (const { path, message } of result.error.issues) {
    const names = path.filter((part) => typeof part !== 'number').map(String)
    addIssue(context, fields[names.join('.')] ?? names.at(-1) ?? '', message)
  }
  return z.NEVER
}
