import { z } from 'zod'
import { refuseForeignMeans } from '../forms/words.ts'
import { MEANS, STATUSES } from '../words/status.ts'
import type { PartialDate } from '../time/partial-date.ts'
import { optionalDate, optionalWord, repeatedIds, requiredText, ticked, version, word } from '../forms/fields.ts'
import { addIssue } from '../forms/issues.ts'
import { newSourceFields } from '../sources/form.ts'
import type { Correction } from './correct.ts'

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
    status: word(STATUSES, 'a status'),
    means: optionalWord(MEANS, 'a means'),
    effective_on: optionalDate,
    reason: requiredText('Say what was wrong, and how it is known'),
    claim: repeatedIds('a claim'),
    ...newSourceFields,
    version,
    confirm: ticked,
  })
  .transform((form, context): Correction => {
    refuseForeignMeans(form.status, form.means, context)
    if (form.effective_on === null) addIssue(context, 'effective_on', 'Give the day since which it is so')
    const { source_title: title, source_publisher: publisher, source_url: url, source_published_on } = form
    const hasSource = title !== null || publisher !== null || url !== null
    if (!hasSource && source_published_on !== null)
      addIssue(context, 'source_title', 'Give the source’s title, publisher or address')
    return {
      status: form.status,
      means: form.means,
      effective_on: form.effective_on ?? ('' as PartialDate),
      reason: form.reason,
      claims: form.claim,
      source: hasSource ? { title, publisher, url, published_on: source_published_on } : null,
      version: form.version,
      confirmed: form.confirm,
    }
  })
