import { z } from 'zod'
import {
  ADDRESS,
  optionalDate,
  optionalLine,
  optionalText,
  optionalWord,
  repeated,
  repeatedText,
  ticked,
  version,
} from '../forms/fields.ts'
import { MEANS, STATUSES } from '../words/status.ts'
import { factFields } from './entry.ts'

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

const facts = {
  ...factFields,
  title_is_descriptive: optionalWord(['yes', 'no'], 'an answer').transform((answer) => answer === 'yes'),
  value_amount: amount,
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
