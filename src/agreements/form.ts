import { z } from 'zod'
import { firstDay, lastDay, type PartialDate } from '../dates/partial-date.ts'
import {
  line,
  optionalAddress,
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
import { AGREEMENT_KINDS, type AgreementFacts, FACT_COLUMNS } from './agreement.ts'
import type { FirstPosition } from './create.ts'
import type { AgreementEntry } from './entry.ts'
import { addIssue, type Issues, readCountry, readPartyType, refuseForeignMeans } from './form-parts.ts'
import { MEANS, STATUSES } from './status.ts'
import { RELATION_KINDS, type RelationKind } from './relation.ts'

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

type AgreementForm = z.infer<typeof agreement>

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

function readEntry(
  form: AgreementForm & { titles: AgreementEntry['titles']; given: ReadonlySet<string> },
  context: Issues,
): AgreementEntry {
  const parties = readParties(form, context)
  if (form.value_amount !== null && form.value_currency === null)
    addIssue(context, 'value_currency', 'Give the currency of the value, such as USD')
  if (form.expires_on !== null && form.signed_on !== null && lastDay(form.expires_on) < firstDay(form.signed_on)) {
    addIssue(context, 'expires_on', 'It ends before it was signed: check both days')
  }
  return {
    facts: pickFacts(form),
    titles: form.titles,
    parties,
    places: readPlaces(form, context),
    relations: readRelations(form, context),
    notes: readNotes(form, context),
  }
}

function pickFacts(form: AgreementForm): AgreementFacts {
  return Object.fromEntries(FACT_COLUMNS.map((column) => [column, form[column]])) as AgreementFacts
}

function readParties(form: AgreementForm, context: Issues): AgreementEntry['parties'] {
  const parties = form.party_name.flatMap((typed, index) => {
    const name = chosenName(typed, form.party_choice[index])
    if (name === '') return []
    return [
      {
        name,
        type: readPartyType(form.party_type[index], 'party_type', context),
        country: readCountry(form.party_country[index], 'party_country', context),
        role: form.party_role[index] || null,
      },
    ]
  })
  if (parties.length < 2 && (form.party_name.length > 0 || form.version === undefined))
    addIssue(context, 'party_name', 'Name at least two parties')
  return parties
}

/** What the reader chose when a name sounded like one of the directory. */
function chosenName(typed: string, choice: string | undefined): string {
  return choice === undefined || choice === '' || choice === 'new' ? typed : choice
}

function readPlaces(form: AgreementForm, context: Issues): AgreementEntry['places'] {
  const concerned = form.place.flatMap((typed, index) => {
    const name = chosenName(typed, form.place_choice[index])
    if (name === '') return []
    return [
      {
        name,
        kind: form.place_kind[index] || 'other',
        country: readCountry(form.place_country[index], 'place_country', context),
        role: 'concerns' as const,
      },
    ]
  })
  const signedAt = form.signed_at.flatMap((name) =>
    name === '' ? [] : [{ name, kind: 'city', country: null, role: 'signed_at' as const }],
  )
  return [...concerned, ...signedAt]
}

function readRelations(form: AgreementForm, context: Issues): AgreementEntry['relations'] {
  return form.relation_reference.flatMap((reference, index) => {
    if (reference === '') return []
    const kind: RelationKind | undefined = RELATION_KINDS.find((candidate) => candidate === form.relation_kind[index])
    if (kind === undefined)
      addIssue(
        context,
        'relation_kind',
        `Choose how ${reference.slice(0, 40)} is related: ${RELATION_KINDS.join(', ')}`,
      )
    return kind === undefined ? [] : [{ kind, reference }]
  })
}

function readNotes(form: AgreementForm, context: Issues): AgreementEntry['notes'] {
  return form.note_value.flatMap((value, index) => {
    if (value === '') return []
    const url = optionalAddress.safeParse(form.note_url[index])
    if (!url.success)
      addIssue(context, 'note_url', 'A note’s source must be a web address that begins with https:// or http://')
    return [
      { field: form.note_field[index] || null, value, url: url.data ?? null, note: form.note_note[index] || null },
    ]
  })
}
