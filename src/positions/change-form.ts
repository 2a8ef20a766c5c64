import { z } from 'zod'
import { readEntry } from '../forms/entry.ts'
import { optionalLine, optionalWord, repeatedIds, ticked, version } from '../forms/fields.ts'
import { newSourceFields, sentSource, sourceFieldNames } from '../sources/form.ts'
import { PARTY_TYPES } from '../words/party.ts'
import { changeReason, positionFields, statusChange } from './entry.ts'

/** What the forms about a position call otherwise than the entries do. */
export const POSITION_FIELD_NAMES = { claims: 'claim', confirmed: 'confirm', ...sourceFieldNames('source.') }

/** What the form calls otherwise than the entry does. */
const FIELD_NAMES = {
  ...POSITION_FIELD_NAMES,
  new_party: 'new_party_name',
  'new_party.name': 'new_party_name',
  'new_party.type': 'new_party_type',
  'new_party.country': 'new_party_country',
}

/** The form that changes a status: the status, what it rests on, and for `reassigned` who or what takes over. */
export const changeForm = z
  .strictObject({
    ...positionFields,
    reason: changeReason,
    claim: repeatedIds('a claim'),
    ...newSourceFields,
    asserted_by: optionalLine,
    new_party_name: optionalLine,
    new_party_type: optionalWord(PARTY_TYPES, 'a type of party'),
    new_party_country: optionalLine,
    taken_over_by: optionalLine,
    version,
    confirm: ticked,
  })
  .transform((form, context) => {
    const { status, means, effective_on, reason, claim: claims, asserted_by, taken_over_by, version } = form
    const { new_party_name: name, new_party_type: type, new_party_country: country } = form
    const new_party = name === null ? null : { name, type, country }
    const decided = { status, means, effective_on, reason, claims, source: sentSource(form), version }
    const given = { ...decided, asserted_by, new_party, taken_over_by, confirmed: form.confirm }
    return readEntry(statusChange, given, FIELD_NAMES, context)
  })
