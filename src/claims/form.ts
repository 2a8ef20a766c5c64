import { z } from 'zod'
import { refuseForeignMeans } from '../forms/words.ts'
import { MEANS, STATUSES } from '../words/status.ts'
import {
  line,
  optionalDate,
  optionalId,
  optionalLine,
  optionalText,
  optionalWord,
  repeated,
  requiredText,
  seen,
  word,
} from '../forms/fields.ts'
import { addIssue, type Issues } from '../forms/issues.ts'
import type { SourceEntry } from '../sources/commands.ts'
import { readSource, SOURCE_LABELS, sourceFields } from '../sources/form.ts'
import { STANCES } from '../words/claim.ts'
import type { NewClaim } from './add-claim.ts'

const fields = {
  stance: word(STANCES, 'a stance'),
  status: word(STATUSES, 'a status'),
  means: optionalWord(MEANS, 'a means'),
  effective_on: optionalDate,
  said_on: optionalDate,
  asserted_by: line('Say who said it: a person, a body, or the publication itself'),
  note: optionalText,
  scope: optionalLine,
  credibility: optionalWord(['1', '2', '3', '4', '5', '6'], 'a credibility'),
  status_fit: optionalWord(['exact', 'approximate'], 'an answer'),
  repeats: optionalId('a claim'),
  source: optionalId('a source'),
  ...sourceFields,
}

export const CLAIM_LABELS = {
  stance: 'Stance',
  status: 'Status',
  means: 'Means',
  effective_on: 'Day of effect',
  said_on: 'Day said',
  asserted_by: 'Who said it',
  note: 'Note',
  scope: 'What it speaks of',
  credibility: 'Credibility',
  status_fit: 'Fit',
  repeats: 'Repeats claim',
  agreements: 'Agreements',
  agreement: 'Agreements',
  reason: 'Reason',
  ...SOURCE_LABELS,
}

type ClaimForm = z.infer<z.ZodObject<typeof fields>>

/** A claim as an analyst enters it: in a source that is recorded already, or in a new one. */
export interface ClaimEntry {
  claim: Omit<NewClaim, 'source_id'>
  source: number | SourceEntry
  /** The claim whose statement it repeats. */
  repeats: number | null
}

function readClaim(form: ClaimForm, context: Issues): ClaimEntry {
  refuseForeignMeans(form.status, form.means, context)
  const typed = readSource(form)
  if (form.source === null && typed === null)
    addIssue(
      context,
      'source_title',
      'Choose a source that is recorded already, or give a new one’s title, publisher or address',
    )
  if (form.source !== null && typed !== null)
    addIssue(context, 'source', 'Give its number or enter a new source below, not both: empty one of them')
  const { asserted_by, stance, status, means, effective_on, said_on, note, scope } = form
  return {
    claim: {
      asserted_by,
      stance,
      status,
      means,
      effective_on,
      said_on,
      note,
      scope,
      credibility: form.credibility === null ? null : Number(form.credibility),
      status_fit: form.status_fit ?? 'exact',
    },
    source: form.source ?? typed ?? ({} as SourceEntry),
    repeats: form.repeats,
  }
}

/** The form that records a claim about one agreement. */
export const claimForm = z.strictObject(fields).transform(readClaim)

/** Which agreements a claim covers: those named one by one, or all of a filter as they were shown. */
export interface Coverage {
  references: string[]
  /** The query string of the list's filter; null when the agreements are named. */
  filter: string | null
  /** What the preview showed, to tell whether it still holds. */
  previewed: string | null
}

/** The form that records a claim about several agreements. */
export const wideClaimForm = z
  .strictObject({ ...fields, agreements: optionalText, filter: optionalText, previewed: optionalLine })
  .transform((form, context): ClaimEntry & { coverage: Coverage } => ({
    ...readClaim(form, context),
    coverage: {
      references: [...new Set((form.agreements ?? '').split(/[\s,;]+/).filter(Boolean))].map((one) =>
        one.toUpperCase(),
      ),
      filter: form.filter,
      previewed: form.previewed,
    },
  }))

const why = requiredText('Say why, in a sentence that will still be understood in ten years')

/** The form that withdraws a claim, or lets it stand for itself. */
export const decisionForm = z.strictObject({ reason: why, seen })

/** The form that settles or reopens a claim about some of its agreements. */
export const settleForm = z
  .strictObject({ reason: why, seen, agreement: repeated })
  .transform(({ agreement, ...decision }) => ({ ...decision, agreements: agreement }))

/** The form that ties a claim to the one whose statement it repeats. */
export const tieForm = z
  .strictObject({ reason: why, seen, repeats: optionalId('a claim') })
  .transform((form, context) => {
    if (form.repeats === null) addIssue(context, 'repeats', 'Give the number of the claim whose statement it repeats')
    return { ...form, repeats: form.repeats ?? 0 }
  })
