import { sql } from 'kysely'
import type { Trx } from '../database/schema.ts'
import { indexAgreement, type SearchText } from '../database/search.ts'
import { fold, nameKey } from '../names/name.ts'
import { REFERENCE } from './agreement.ts'

interface Indexed {
  reference: string
  title: string
  sector: string | null
  summary: string | null
}

/** What an agreement is found by: its own words, and every name of its parties and places. */
export function searchText(agreement: Indexed, titles: readonly string[], names: readonly string[]): SearchText {
  const texts = [agreement.reference, agreement.title, agreement.sector, agreement.summary, ...titles, ...names]
  return {
    words: [referenceToken(agreement.reference), ...texts.map((text) => fold(text ?? ''))].join(' '),
    keys: [...new Set(names.flatMap((name) => nameKey(name).split(' ')))].join(' '),
  }
}

/**
 * The tokens of what somebody typed into the search box. A whole reference stays one token, so that
 * `RUS-SYR-2019-1` does not find `RUS-SYR-2019-12`.
 */
export function searchTokens(typed: string): string[] {
  return typed
    .split(/\s+/)
    .flatMap((part) => (REFERENCE.test(part.toUpperCase()) ? [referenceToken(part)] : fold(part).split(' ')))
    .filter((token) => token !== '')
}

function referenceToken(reference: string): string {
  return `${fold(reference).replaceAll(' ', '')}ref`
}

/** Brings the search index up to date for one agreement. */
export async function reindexAgreement(trx: Trx, id: number): Promise<void> {
  const agreement = await trx
    .selectFrom('agreements')
    .select(['reference', 'title', 'sector', 'summary'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const titles = await trx.selectFrom('agreement_titles').select('title').where('agreement_id', '=', id).execute()
  const partyNames = await trx
    .selectFrom('agreement_parties')
    .innerJoin('party_names', 'party_names.party_id', 'agreement_parties.party_id')
    .select('name')
    .where('agreement_id', '=', id)
    .execute()
  const placeNames = await trx
    .selectFrom('agreement_places')
    .innerJoin('place_names', 'place_names.place_id', 'agreement_places.place_id')
    .select('name')
    .where('agreement_id', '=', id)
    .execute()
  const names = [...partyNames, ...placeNames].map(({ name }) => name)
  await indexAgreement(
    trx,
    id,
    searchText(
      agreement,
      titles.map(({ title }) => title),
      names,
    ),
  )
}

/** Brings the search index up to date for every agreement of a party or a place. */
export async function reindexAgreementsOf(
  trx: Trx,
  table: 'agreement_parties' | 'agreement_places',
  column: 'party_id' | 'place_id',
  id: number,
): Promise<void> {
  const { rows } = await sql<{ agreement_id: number }>`
    select distinct agreement_id from ${sql.table(table)} where ${sql.ref(column)} = ${id}`.execute(trx)
  for (const row of rows) await reindexAgreement(trx, row.agreement_id)
}
