import { csvRecord } from '../csv.ts'
import { citeSource } from '../words/source.ts'
import { type Moment, withMoment } from '../time/moment.ts'
import type { Difference } from './queries.ts'

/** The columns of the comparison's CSV, in their order. */
const COLUMNS = [
  'reference',
  'title',
  'happened',
  'status_before',
  'means_before',
  'since_before',
  'status_after',
  'means_after',
  'since_after',
  'reason',
  'said_by',
  'sources',
  'url',
] as const

export const COMPARISON_CSV_HEADING = csvRecord(COLUMNS)

/** Differences as CSV, without a heading; the permalink leads to the second day. */
export function comparisonCsv(rows: readonly Difference[], baseUrl: string, after: Moment): string {
  let text = ''
  for (const { agreement, reason, evidence, ...row } of rows) {
    text += csvRecord([
      agreement.reference,
      agreement.title,
      row.happened,
      row.status_before,
      row.means_before,
      row.since_before,
      row.status_after,
      row.means_after,
      row.since_after,
      reason,
      evidence.flatMap(({ asserted_by }) => asserted_by ?? []).join('; '),
      evidence.map(citeSource).join('; '),
      withMoment(`${baseUrl}/agreements/${agreement.reference}`, after),
    ])
  }
  return text
}
