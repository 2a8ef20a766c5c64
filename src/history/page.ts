import { isMeansOf, isStatus, type Means, meansLabel, STATUSES, statusLabel } from '../words/status.ts'
import { formatPartialDate, isPartialDate } from '../time/partial-date.ts'
import type { ListedChange } from './change.ts'
import { type FieldChange, fieldChanges, quotedSources } from './fields.ts'
import { fieldLabel, sentence } from './sentence.ts'

/** An entry of the history as every page shows it. */
export function shownChange(change: ListedChange) {
  return {
    id: change.id,
    recorded_at: change.recorded_at,
    actor: change.actor,
    kind: change.kind,
    sentence: sentence(change),
    reference: change.reference,
    agreementTitle: change.agreement_title,
    version: change.version,
    fields: fieldChanges(change.before, change.after).map(shownField),
    reason: change.reason,
    sources: quotedSources(change.after),
    hash: change.hash,
  }
}

/** A field of a change as every page shows it: statuses and means in words, days as a reader writes them. */
export function shownField({ field, before, after }: FieldChange) {
  return { label: fieldLabel(field), before: shownValue(field, before), after: shownValue(field, after) }
}

function shownValue(field: string, value: string | null): string | null {
  if (value === null) return null
  if (field === 'status' && isStatus(value)) return statusLabel(value)
  if (field === 'means' && isMeans(value)) return meansLabel(value)
  return isPartialDate(value) && field !== 'title' ? formatPartialDate(value) : value
}

function isMeans(value: string): value is Means {
  return STATUSES.some((status) => isMeansOf(status, value))
}
