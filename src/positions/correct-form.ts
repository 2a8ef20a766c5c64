import { z } from 'zod'
import { readEntry } from '../forms/entry.ts'
import { repeatedIds, ticked, version } from '../forms/fields.ts'
import { newSourceFields, sentSource } from '../sources/form.ts'
import { POSITION_FIELD_NAMES } from './change-form.ts'
import { correction, correctionReason, positionFields } from './entry.ts'

export const CORRECTION_LABELS = {
  status: 'Status',
  means: 'Means',
  effective_on: 'Day of effect',
  reason: 'Why it was wrong',
  claim: 'Claims it rests on',
  source_title: 'Title of the source',
  source_publisher: 'Publisher',
  source_url: 'Address',
  source_published_on: 'Published',
  confirm: 'Confirmation',
}

/** The form that corrects a position: what it should have said, why, and on what it rests. */
export const correctionForm = z
  .strictObject({
    ...positionFields,
    reason: correctionReason,
    claim: repeatedIds('a claim'),
    ...newSourceFields,
    version,
    confirm: ticked,
  })
  .transform((form, context) => {
    const { status, means, effective_on, reason, claim: claims, version, confirm: confirmed } = form
    const given = { status, means, effective_on, reason, claims, source: sentSource(form), version, confirmed }
    return readEntry(correction, given, POSITION_FIELD_NAMES, context)
  })
