import { z } from 'zod'
import { readEntry } from '../forms/entry.ts'
import { optionalLine, version } from '../forms/fields.ts'
import { agreementEntry, newAgreement } from './entry.ts'
import { AGREEMENT_FIELDS, zipped } from './form-entry.ts'
import { agreementFields } from './form-fields.ts'

const TITLE_FIELD = /^title_([a-z]{2,3})$/

/** A title in one language, `title_ar`; the language is in the field's name. */
const titles = z.record(z.string().regex(TITLE_FIELD), optionalLine)

/** What the form calls otherwise than a new agreement does. */
const NEW_FIELDS = {
  ...Object.fromEntries(Object.entries(AGREEMENT_FIELDS).map(([place, field]) => [`agreement.${place}`, field])),
  'position.effective_on': 'status_since',
}

/**
 * The form that enters an agreement: fields named as the columns of the list's CSV, parties and places repeated in step,
 * `title_ar` and the like for titles by language. Unknown fields are refused, so that nothing typed is lost unseen.
 */
export const createForm = withTitles(agreementFields).transform((form, context) => {
  const { means, reason } = form
  const status = form.status ?? 'active'
  const effective_on = form.status_since ?? form.signed_on ?? form.in_force_on
  const given = { agreement: zipped(form), position: { status, means, effective_on, reason } }
  const { agreement, position } = readEntry(newAgreement, given, NEW_FIELDS, context)
  return { entry: agreement, position, confirmed: form.confirm }
})

/** The form that edits an agreement: the same fields, and the version that it was opened with. The status may be repeated, not changed. */
export const editForm = withTitles(agreementFields.extend({ version })).transform((form, context) => {
  const { status, means, status_since, version, reason } = form
  return {
    entry: readEntry(agreementEntry, zipped(form), AGREEMENT_FIELDS, context),
    edit: { version, reason, standing: { status, means, status_since }, given: form.given },
  }
})

const isTitle = ([field]: [string, unknown]) => TITLE_FIELD.test(field)

/** Titles have their language in the field's name, which a fixed list of fields cannot say. */
function withTitles<Form extends z.ZodObject>(schema: Form) {
  return z.record(z.string(), z.unknown()).transform((body, context) => {
    const fields = schema.safeParse(Object.fromEntries(Object.entries(body).filter((field) => !isTitle(field))))
    const texts = titles.safeParse(Object.fromEntries(Object.entries(body).filter(isTitle)))
    for (const issue of [...(fields.error?.issues ?? []), ...(texts.error?.issues ?? [])]) {
      context.addIssue({
        code: 'custom',
        path: issue.path,
        message:
          issue.code === 'unrecognized_keys' ? `Unknown field ${issue.keys.join(', ')}: leave it out` : issue.message,
      })
    }
    if (!fields.success || !texts.success) return z.NEVER
    return { ...fields.data, titles: readTitles(texts.data), given: new Set(Object.keys(body)) }
  })
}

/** By language. */
function readTitles(texts: Record<string, string | null>) {
  return Object.fromEntries(Object.entries(texts).map(([field, title]) => [field.slice('title_'.length), title]))
}
