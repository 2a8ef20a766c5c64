import type { Selectable } from 'kysely'
import type { AgreementsTable } from '../database/tables/agreements.ts'
import type { Reader, Schema } from '../database/schema.ts'
import { agreementsAt } from './at.ts'
import { knownAt } from '../time/known.ts'
import type { Moment } from '../time/moment.ts'
import { formatPartialDate } from '../time/partial-date.ts'
import { kindLabel } from '../words/kind.ts'
import { meansLabel } from '../words/status.ts'

/** The columns of the list, the exports and every short mention of an agreement. */
export const LIST_COLUMNS = [
  'id',
  'reference',
  'title',
  'original_title',
  'original_title_lang',
  'status',
  'means',
  'status_since',
  'contested',
  'kind',
  'sector',
  'place_names',
  'party_names',
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
] as const satisfies (keyof Schema['agreements'])[]
export type ListedAgreement = Pick<Selectable<AgreementsTable>, (typeof LIST_COLUMNS)[number]>

/** A party's or a place's agreements in the order of their signature, those without a day last; no more than `most`. */
export async function listAgreementsOf(
  db: Reader,
  link: 'party' | 'place',
  id: number,
  { moment, today, most }: { moment: Moment; today: string; most: number },
): Promise<ListedAgreement[]> {
  return db
    .selectFrom(agreementsAt(moment, today))
    .select(LIST_COLUMNS)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('agreement_links')
        .select('agreement_id')
        .where('link', '=', link)
        .where('other_id', '=', id)
        .where(knownAt(moment.instant, 'agreement_links')),
    )
    .orderBy('signed_on', (order) => order.asc().nullsLast())
    .orderBy('id')
    .limit(most)
    .execute()
}

/** A row as the table shows it. */
export function listedRow(row: ListedAgreement) {
  return {
    reference: row.reference,
    title: row.title,
    original: row.original_title,
    lang: row.original_title_lang,
    below: row.original_title ?? [kindLabel(row.kind).toLowerCase(), row.sector].filter(Boolean).join(', '),
    parties: row.party_names.split('; ').join(' – '),
    kind: kindLabel(row.kind),
    sector: row.sector,
    status: row.status,
    means: row.means === null ? '' : meansLabel(row.means),
    contested: row.contested === 1,
    since: formatPartialDate(row.status_since),
    signed: row.signed_on === null ? null : formatPartialDate(row.signed_on),
  }
}
