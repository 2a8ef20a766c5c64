import { sql } from 'kysely'
import type { Trx } from '../database/schema.ts'
import { indexAgreement, type SearchText } from '../database/search.ts'
import { fold, nameKey } from '../names/name.ts'
import { type AgreementParts, REFERENCE } from './agreement.ts'
import { readParts } from './parts.ts'

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

/** Brings the search index up to date for one agreement whose parts are known. */
export async function indexParts(
  trx: Trx,
  agreement: Indexed & { id: number },
  parts: Pick<AgreementParts, 'titles' | 'parties' | 'places'>,
): Promise<void> {
  const partyIds = parts.parties.map(({ party_id }) => party_id)
  const placeIds = parts.places.map(({ place_id }) => place_id)
  const names = [
    ...(await trx.selectFrom('party_names').select('name').where('party_id', 'in', partyIds).execute()),
    ...(placeIds.length === 0
      ? []
      : await trx.selectFrom('place_names').select('name').where('place_id', 'in', placeIds).execute()),
  ]
  await indexAgreement(
    trx,
    agreement.id,
    searchText(
      agreement,
      parts.titles.map(({ title }) => title),
      names.map(({ name }) => name),
    ),
  )
}

/** Brings the search index up to date for one agreement. */
export async function reindexAgreement(trx: Trx, id: number): Promise<void> {
  const agreement = await trx
    .selectFrom('agreements')
    .select(['id', 'reference', 'title', 'sector', 'summary'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  await indexParts(trx, agreement, await readParts(trx, id))
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
