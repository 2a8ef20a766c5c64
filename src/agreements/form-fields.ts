import { z } from 'zod'
import {
  ADDRESS,
  line,
  optionalDate,
  optionalLine,
  optionalText,
  optionalWord,
  repeated,
  repeatedText,
  ticked,
  version,
  word,
} from '../forms/fields.ts'
import { AGREEMENT_KINDS } from '../words/kind.ts'
import { MEANS, STATUSES } from '../words/status.ts'

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

/** Everything that the form may send, save the titles by language. */
export const agreementFields = z.strictObject({ ...facts, ...several, ...position, version: version.optional() })

/** The fields of the form, each checked by itself. */
export type AgreementForm = z.infer<typeof agreementFields>
