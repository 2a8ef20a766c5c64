import { addIssue } from '../forms/issues.ts'
import { z } from 'zod'
import type { PartialDate } from '../dates/partial-date.ts'
import {
  line,
  optionalDate,
  optionalLine,
  optionalText,
  optionalWord,
  repeated,
  version,
  word,
  ADDRESS,
  repeatedText,
  ticked,
} from '../forms/fields.ts'
import { AGREEMENT_KINDS } from './agreement.ts'
import type { FirstPosition } from './create.ts'
import { readEntry } from './form-entry.ts'
import { refuseForeignMeans } from './form-parts.ts'
import { MEANS, STATUSES } from './status.ts'

const TITLE_FIELD = /^title_([a-z]{2,3})$/

const amount = optionalLine.transform((text, context) => {
  if (text === null) return null
  const number = Number(text.replaceAll(/[ ,]/g, ''))
  if (!/^\d[\d ,]*(?:\.\d+)?$/.test(text) || number > Number.MAX_SAFE_INTEGER) {
    context.addIssue({
      code: 'custom',
      message: `“${text.slice(0, 40)}” is not an amount: give a number such as 500000000`,
    })
  }
  return number
})

const currency = optionalLine.transform((text, context) => {
  const code = text?.toUpperCase() ?? null
  if (code !== null && !/^[A-Z]{3}$/.test(code)) {
    context.addIssue({
      code: 'custom',
      message: `“${text?.slice(0, 40)}” is not a currency: give an ISO 4217 code such as USD`,
    })
  }
  return code
})

const facts = {
  title: line('Give the agreement a title'),
  title_is_descriptive: optionalWord(['yes', 'no'], 'an answer').transform((answer) => (answer === 'yes' ? 1 : 0)),
  kind: word(AGREEMENT_KINDS, 'a kind'),
  sector: optionalLine,
  signed_on: optionalDate,
  in_force_on: optionalDate,
  expires_on: optionalDate,
  term: optionalLine,
  value_amount: amount,
  value_currency: currency,
  value_note: optionalLine,
  summary: optionalText,
  lead: optionalLine,
  next_review_on: optionalDate,
}

const several = {
  party_name: repeated,
  party_type: repeated,
  party_country: repeated,
  party_role: repeated,
  /** For a name that sounds like one of the directory: that party's name, or `new`. */
  party_choice: repeated,
  place: repeated,
  signed_at: repeated,
  place_kind: repeated,
  place_country: repeated,
  place_choice: repeated,
  relation_kind: repeated,
  relation_reference: repeated,
  note_field: repeated,
  note_value: repeatedText(),
  note_url: repeatedText(ADDRESS),
  note_note: repeatedText(),
}

const position = {
  status: optionalWord(STATUSES, 'a status'),
  means: optionalWord(MEANS, 'a means'),
  status_since: optionalDate,
  reason: optionalText,
  confirm: ticked,
}

/** A title in one language, `title_ar`; the language is in the field's name. */
const titles = z.record(z.string().regex(TITLE_FIELD), optionalLine)

const agreement = z.strictObject({ ...facts, ...several, ...position, version: version.optional() })

/** The fields of the form, each checked by itself. */
export type AgreementForm = z.infer<typeof agreement>

/**
 * The form that enters an agreement: fields named as the columns of the list's CSV, parties and places repeated in step,
 * `title_ar` and the like for titles by language. Unknown fields are refused, so that nothing typed is lost unseen.
 */
export const createForm = withTitles(agreement).transform((form, context) => {
  const entry = readEntry(form, context)
  const status = form.status ?? 'active'
  const effectiveOn = form.status_since ?? form.signed_on ?? form.in_force_on
  refuseForeignMeans(status, form.means, context)
  if (effectiveOn === null)
    addIssue(context, 'status_since', 'Give the day since which it stands so, or the day of signature')
  const first: FirstPosition = {
    status,
    means: form.means,
    effective_on: effectiveOn ?? ('' as PartialDate),
    reason: form.reason,
  }
  return { entry, position: first, confirmed: form.confirm }
})

/** The form that edits an agreement: the same fields, and the version that it was opened with. The status may be repeated, not changed. */
export const editForm = withTitles(agreement.extend({ version })).transform((form, context) => {
  const { status, means, status_since, version, reason } = form
  return {
    entry: readEntry(form, context),
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

function readTitles(texts: Record<string, string | null>) {
  return Object.entries(texts).flatMap(([field, title]) =>
    title === null ? [] : [{ lang: field.slice('title_'.length), title, note: null }],
  )
}
