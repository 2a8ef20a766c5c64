import { csvRecord, type CsvValue } from '../csv.ts'
import { type Moment, withMoment } from '../time/moment.ts'
import type { ListedAgreement } from '../standing/mention.ts'

/** The columns of the list's CSV, in their order: a contract (names are those of the database). */
export const AGREEMENT_CSV_COLUMNS = [
  'reference',
  'title',
  'status',
  'means',
  'status_since',
  'contested',
  'kind',
  'sector',
  'place',
  'parties',
  'countries',
  'signed_on',
  'in_force_on',
  'expires_on',
  'value_amount',
  'value_currency',
  'lead',
  'next_review_on',
  'summary',
  'version',
  'updated_at',
  'url',
] as const

export const AGREEMENT_CSV_HEADING = csvRecord(AGREEMENT_CSV_COLUMNS)

/** The values of one row, in the order of the columns; `baseUrl` begins its permalink, which leads to the row's moment. */
export function agreementCsvValues(row: ListedAgreement, baseUrl: string, moment: Moment): CsvValue[] {
  return [
    row.reference,
    row.title,
    row.status,
    row.means,
    row.status_since,
    row.contested === 1 ? 'yes' : 'no',
    row.kind,
    row.sector,
    row.place_names,
    row.party_names,
    row.countries,
    row.signed_on,
    row.in_force_on,
    row.expires_on,
    row.value_amount,
    row.value_currency,
    row.lead,
    row.next_review_on,
    row.summary,
    row.version,
    row.updated_at,
    withMoment(`${baseUrl}/agreements/${row.reference}`, moment),
  ]
}

/** A chunk of rows as CSV, without a heading. */
export function agreementsCsv(rows: readonly ListedAgreement[], baseUrl: string, moment: Moment): string {
  let text = ''
  for (const row of rows) text += csvRecord(agreementCsvValues(row, baseUrl, moment))
  return text
}
