import { z } from 'zod'
import { holding, listOf, yesOrNo } from '../forms/entry.ts'
import {
  line,
  optionalAddress,
  optionalDate,
  optionalLine,
  optionalText,
  optionalWord,
  requiredText,
  word,
} from '../forms/fields.ts'
import { addIssue, type Issues } from '../forms/issues.ts'
import { readCountry, readPartyType, refuseForeignMeans } from '../forms/words.ts'
import { AGREEMENT_KINDS } from '../words/kind.ts'
import { PLACE_ROLES } from '../words/place.ts'
import { RELATION_KINDS } from '../words/relation.ts'
import { MEANS, STATUSES } from '../words/status.ts'
import { endsBeforeSigned, factsOf } from './agreement.ts'

const NOT_AN_AMOUNT = 'is not an amount: give a number such as 500000000'
const amount = z
  .number({ error: NOT_AN_AMOUNT })
  .min(0, NOT_AN_AMOUNT)
  .max(Number.MAX_SAFE_INTEGER, NOT_AN_AMOUNT)
  .nullish()
  .transform((number) => number ?? null)

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

/** What is said once of an agreement, each value by itself. */
export const factFields = {
  title: line('Give the agreement a title'),
  title_is_descriptive: yesOrNo,
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

const party = holding({
  name: line('Give each party a name'),
  type: optionalLine,
  country: optionalLine,
  role: optionalLine,
})

const place = holding({
  name: line('Give each place a name'),
  kind: optionalLine,
  country: optionalLine,
  role: optionalWord(PLACE_ROLES, 'what a place is to an agreement'),
})

const relation = holding({
  kind: optionalLine,
  reference: line('Give the reference of the other agreement, such as RUS-SYR-2019-1'),
})

const note = holding({
  field: optionalLine,
  value: requiredText('Give what the note says'),
  url: optionalText,
  note: optionalText,
})

const titles = z.record(z.string().regex(/^[a-z]{2,3}$/), optionalLine, {
  error: ({ code }) =>
    code === 'invalid_key' ? 'has something else than a language: give codes such as ar' : 'must be titles by language',
})

const agreement = holding({
  ...factFields,
  titles: titles.default({}),
  /** May be left out of an edit, which leaves them as they were then. */
  parties: listOf(party).optional(),
  places: listOf(place).default([]),
  relations: listOf(relation).default([]),
  notes: listOf(note).default([]),
})

/** What an agreement may hold: parties and places by name, other agreements by reference. */
export const agreementEntry = agreement.transform(readAgreement)

/** An agreement as it is entered, before names and references are looked up. */
export type AgreementEntry = z.output<typeof agreementEntry>

/** Where an agreement stands when it is entered. */
const firstPosition = holding({
  status: word(STATUSES, 'a status'),
  means: optionalWord(MEANS, 'a means'),
  effective_on: optionalDate,
  reason: optionalText,
}).transform(({ effective_on, ...position }, context) => {
  refuseForeignMeans(position.status, position.means, context)
  if (effective_on === null)
    addIssue(context, 'effective_on', 'Give the day since which it stands so, or the day of signature')
  return { ...position, effective_on: effective_on ?? z.NEVER }
})

export type FirstPosition = z.output<typeof firstPosition>

/** A new agreement, and where it stands. */
export const newAgreement = holding({
  agreement: agreement.transform((given, context) =>
    readAgreement({ ...given, parties: given.parties ?? [] }, context),
  ),
  position: firstPosition,
})

/** What is wrong beside each value by itself: what one means beside another, and the words in rows. */
function readAgreement(given: z.output<typeof agreement>, context: Issues) {
  const parties = readParties(given.parties, context)
  if (given.value_amount !== null && given.value_currency === null)
    addIssue(context, 'value_currency', 'Give the currency of the value, such as USD')
  if (endsBeforeSigned(given)) addIssue(context, 'expires_on', 'It ends before it was signed: check both days')
  return {
    facts: factsOf({ ...given, title_is_descriptive: given.title_is_descriptive ? 1 : 0 }),
    titles: readTitles(given.titles),
    parties,
    places: given.places.map(({ kind, country, role, ...rest }, index) => ({
      ...rest,
      kind: kind ?? 'other',
      country: readCountry(country, ['places', index, 'country'], context),
      role: role ?? ('concerns' as const),
    })),
    relations: given.relations.map((one, index) => readRelation(one, ['relations', index, 'kind'], context)),
    notes: given.notes.map((one, index) => ({ ...one, url: readNoteUrl(one.url, ['notes', index, 'url'], context) })),
  }
}

function readParties(parties: z.output<typeof party>[] | undefined, context: Issues) {
  if (parties === undefined) return []
  const read = parties.map(({ name, type, country, role }, index) => ({
    name,
    type: readPartyType(type, ['parties', index, 'type'], context),
    country: readCountry(country, ['parties', index, 'country'], context),
    role,
  }))
  if (read.length < 2) addIssue(context, 'parties', 'Name at least two parties')
  return read
}

function readTitles(titles: Record<string, string | null>) {
  return Object.entries(titles).flatMap(([lang, title]) => (title === null ? [] : [{ lang, title, note: null }]))
}

function readRelation({ kind, reference }: z.output<typeof relation>, at: PropertyKey[], context: Issues) {
  const known = RELATION_KINDS.find((candidate) => candidate === kind)
  if (known === undefined)
    addIssue(context, at, `Choose how ${reference.slice(0, 40)} is related: ${RELATION_KINDS.join(', ')}`)
  return { kind: known ?? z.NEVER, reference }
}

function readNoteUrl(text: string | null, at: PropertyKey[], context: Issues): string | null {
  const url = optionalAddress.safeParse(text)
  if (!url.success) addIssue(context, at, 'A note’s source must be a web address that begins with https:// or http://')
  return url.data ?? null
}
