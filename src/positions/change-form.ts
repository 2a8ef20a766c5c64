import { z } from 'zod'
import type { PartialDate } from '../time/partial-date.ts'
import {
  optionalDate,
  optionalLine,
  optionalWord,
  repeatedIds,
  requiredText,
  ticked,
  version,
  word,
} from '../forms/fields.ts'
import { addIssue } from '../forms/issues.ts'
import { PARTY_TYPES } from '../words/party.ts'
import { newSourceFields } from '../sources/form.ts'
import type { StatusChange } from './present.ts'
import { readCountry, readPartyType, refuseForeignMeans } from '../forms/words.ts'
import { MEANS, STATUSES } from '../words/status.ts'

/** The form that changes a status: the status, what it rests on, and for `reassigned` who or what takes over. */
export const changeForm = z
  .strictObject({
    status: word(STATUSES, 'a status'),
    means: optionalWord(MEANS, 'a means'),
    effective_on: optionalDate,
    reason: requiredText('Say why, in a sentence that will still be understood in ten years'),
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
  .transform((form, context): StatusChange => {
    refuseForeignMeans(form.status, form.means, context)
    if (form.effective_on === null) addIssue(context, 'effective_on', 'Give the day since which it is so')
    if (form.status !== 'reassigned' && (form.new_party_name !== null || form.taken_over_by !== null)) {
      addIssue(
        context,
        form.new_party_name !== null ? 'new_party_name' : 'taken_over_by',
        'Belongs to Reassigned only: leave it empty, or choose Reassigned',
      )
    }
    const {
      source_title: title,
      source_publisher: publisher,
      source_url: url,
      source_published_on: published_on,
    } = form
    const hasSource = title !== null || publisher !== null || url !== null
    if (!hasSource && (form.asserted_by !== null || published_on !== null)) {
      addIssue(context, 'source_title', 'Give the source’s title, publisher or address')
    }
    return {
      status: form.status,
      means: form.means,
      effective_on: form.effective_on ?? ('' as PartialDate),
      reason: form.reason,
      claims: form.claim,
      source: hasSource ? { title, publisher, url, published_on } : null,
      asserted_by: form.asserted_by,
      new_party:
        form.new_party_name === null
          ? null
          : {
              name: form.new_party_name,
              type: readPartyType(form.new_party_type ?? undefined, 'new_party_type', context),
              country: readCountry(form.new_party_country ?? undefined, 'new_party_country', context),
            },
      taken_over_by: form.taken_over_by,
      version: form.version,
      confirmed: form.confirm,
    }
  })
