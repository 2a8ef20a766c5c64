import { csvRecord } from '../csv.ts'
import type { ListedChange } from './change.ts'
import { fieldChanges, fieldText, quotedSources } from './fields.ts'

/** The columns of the history's CSV, in their order: a contract. */
const CHANGE_CSV_COLUMNS = [
  'change',
  'recorded_at',
  'actor',
  'kind',
  'agreement',
  'version',
  'field',
  'before',
  'after',
  'effective_on',
  'reason',
  'sources',
  'hash',
] as const

export const CHANGE_CSV_HEADING = csvRecord(CHANGE_CSV_COLUMNS)

/** A change as CSV: one row for each field that it touched, and one row if it touched none. */
export function changeCsv(change: ListedChange): string {
  const { id, recorded_at, actor, kind, reference, version, reason, hash, after } = change
  const fields = fieldChanges(change.before, change.after)
  const effectiveOn = fieldText('effective_on', after?.['effective_on'])
  const sources = quotedSources(after).join('; ')
  return (fields.length > 0 ? fields : [{ field: null, before: null, after: null }])
    .map((touched) =>
      csvRecord([
        id,
        recorded_at,
        actor,
        kind,
        reference,
        version,
        touched.field,
        touched.before,
        touched.after,
        effectiveOn,
        reason,
        sources,
        hash,
      ]),
    )
    .join('')
}
