import { z } from 'zod'
import { readEntry } from '../forms/entry.ts'
import { optionalId, optionalLine, optionalText, optionalWord, repeated, requiredText, seen } from '../forms/fields.ts'
import { addIssue, type Issues } from '../forms/issues.ts'
import { isNamed } from '../sources/entry.ts'
import { saidOfSource, SOURCE_LABELS, sourceFieldNames, sourceFields } from '../sources/form.ts'
import { type ClaimEntry, claimEntry, claimFields } from './entry.ts'

const fields = {
  ...claimFields,
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

/** What the form calls otherwise than the entry does. */
const FIELD_NAMES = { new_source: 'source_title', ...sourceFieldNames('new_source.') }

function readClaim(form: z.output<z.ZodObject<typeof fields>>, context: Issues): ClaimEntry {
  const { stance, status, means, effective_on, said_on, asserted_by, note, scope, status_fit, repeats, source } = form
  const said = { stance, status, means, effective_on, said_on, asserted_by, note, scope, status_fit, repeats, source }
  const credibility = form.credibility === null ? null : Number(form.credibility)
  const new_source = saidOfSource(form)
  const given = { ...said, credibility, new_source: isNamed(new_source) ? new_source : null }
  return readEntry(claimEntry, given, FIELD_NAMES, context)
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
    return { ...form, repeats: form.repeats ?? z.NEVER }
  })
