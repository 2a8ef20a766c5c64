import { z } from 'zod'
import { holding, recordedId } from '../forms/entry.ts'
import { line, optionalDate, optionalLine, optionalText, optionalWord, word } from '../forms/fields.ts'
import { addIssue } from '../forms/issues.ts'
import { refuseForeignMeans } from '../forms/words.ts'
import { refuseUnnamed, type SourceEntry, wholeSource } from '../sources/entry.ts'
import { STANCES } from '../words/claim.ts'
import { MEANS, STATUSES } from '../words/status.ts'

/** What a claim says, each value by itself. */
export const claimFields = {
  stance: word(STANCES, 'a stance'),
  status: word(STATUSES, 'a status'),
  means: optionalWord(MEANS, 'a means'),
  effective_on: optionalDate,
  said_on: optionalDate,
  asserted_by: line('Say who said it: a person, a body, or the publication itself'),
  note: optionalText,
  scope: optionalLine,
}

const NOT_A_CREDIBILITY = 'is not a credibility: give a figure from 1 to 6'
const credibility = z.int({ error: NOT_A_CREDIBILITY }).min(1, NOT_A_CREDIBILITY).max(6, NOT_A_CREDIBILITY)

/** What a claim may hold: what was said, in a source that is recorded already or in a new one. */
export const claimEntry = holding({
  ...claimFields,
  credibility: credibility.nullable().default(null),
  status_fit: optionalWord(['exact', 'approximate'], 'an answer'),
  /** The claim whose statement it repeats. */
  repeats: recordedId('a claim').nullable().default(null),
  source: recordedId('a source').nullable().default(null),
  new_source: wholeSource.nullable().default(null),
}).transform(({ repeats, source, new_source, status_fit, ...said }, context) => {
  refuseForeignMeans(said.status, said.means, context)
  if (source === null && new_source === null)
    addIssue(
      context,
      'new_source',
      'Choose a source that is recorded already, or give a new one’s title, publisher or address',
    )
  if (source !== null && new_source !== null)
    addIssue(context, 'source', 'Give its number or enter a new source below, not both: empty one of them')
  if (new_source !== null) refuseUnnamed(new_source, ['new_source'], context)
  const from: number | SourceEntry = source ?? new_source ?? z.NEVER
  return { claim: { ...said, status_fit: status_fit ?? ('exact' as const) }, source: from, repeats }
})

/** A claim as it is entered. */
export type ClaimEntry = z.output<typeof claimEntry>
