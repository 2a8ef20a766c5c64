import { hash } from 'node:crypto'
import type { Reader, Trx } from '../database/schema.ts'
import { indexText, type SearchText } from '../database/engines/search.ts'
import type { Unit } from '../database/unit.ts'
import { fold, nameKey } from '../names/name.ts'
import { LAST_INSTANT } from '../time/moment.ts'
import type { AgreementParts } from '../database/tables/agreements.ts'
import { REFERENCE } from '../names/reference.ts'

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

/** How many different words a search has at most: each is looked up by itself. */
export const MOST_WORDS = 40

/**
 * The tokens of what somebody typed into the search box, each once. A whole reference stays one token, so that
 * `RUS-SYR-2019-1` does not find `RUS-SYR-2019-12`.
 */
export function searchTokens(typed: string): string[] {
  const tokens = typed
    .split(/\s+/)
    .flatMap((part) => (REFERENCE.test(part.toUpperCase()) ? [referenceToken(part)] : fold(part).split(' ')))
  return [...new Set(tokens)].filter((token) => token !== '')
}

function referenceToken(reference: string): string {
  return `${fold(reference).replaceAll(' ', '')}ref`
}

/**
 * Brings the search index up to date for one agreement whose parts are known. Words that it was found by until now are kept, so
 * that the register of then is searched by the words of then.
 */
export async function indexParts(unit: Unit, agreementId: number, parts: SearchedParts): Promise<void> {
  const { trx, at } = unit
  const agreement = await trx
    .selectFrom('agreements')
    .select(['reference', 'title', 'sector', 'summary'])
    .where('id', '=', agreementId)
    .executeTakeFirstOrThrow()
  const text = await textOf(trx, agreement, parts)
  const digest = digestOf(text)
  const open = await trx
    .selectFrom('agreement_texts')
    .select(['id', 'digest', 'known_from'])
    .where('agreement_id', '=', agreementId)
    .where('known_to', '=', LAST_INSTANT)
    .executeTakeFirst()
  if (open?.digest === digest) return
  if (open?.known_from === at) {
    await trx.updateTable('agreement_texts').set({ digest }).where('id', '=', open.id).execute()
    return indexText(trx, open.id, text)
  }
  if (open) await trx.updateTable('agreement_texts').set({ known_to: at }).where('id', '=', open.id).execute()
  const { id } = await trx
    .insertInto('agreement_texts')
    .values({ agreement_id: agreementId, digest, known_from: at, known_to: LAST_INSTANT })
    .returning('id')
    .executeTakeFirstOrThrow()
  await indexText(trx, id, text)
}

/** Tells whether two texts are the same. */
export function digestOf({ words, keys }: SearchText): string {
  return hash('sha256', `${words}\n${keys}`)
}

type SearchedParts = Pick<AgreementParts, 'titles' | 'parties' | 'places'>

async function textOf(trx: Trx, agreement: Indexed, parts: SearchedParts): Promise<SearchText> {
  const titles = parts.titles.map(({ title }) => title)
  const namesOf = await readNames(trx, [parts])
  return searchText(agreement, titles, namesOf(parts))
}

/**
 * Every name of the parties and places of some agreements, looked up together: what each of them is found by, in one order, so that
 * the same words have the same digest.
 */
export async function readNames(
  db: Reader,
  all: readonly SearchedParts[],
): Promise<(parts: SearchedParts) => string[]> {
  const parties = await db
    .selectFrom('party_names')
    .select(['party_id as id', 'name'])
    .where('party_id', 'in', inOrder(all.flatMap(partyIds)))
    .orderBy('position')
    .execute()
  const places = await db
    .selectFrom('place_names')
    .select(['place_id as id', 'name'])
    .where('place_id', 'in', inOrder(all.flatMap(placeIds)))
    .orderBy('position')
    .execute()
  const named = { parties: Map.groupBy(parties, ({ id }) => id), places: Map.groupBy(places, ({ id }) => id) }
  return (parts) =>
    [
      ...inOrder(partyIds(parts)).flatMap((id) => named.parties.get(id) ?? []),
      ...inOrder(placeIds(parts)).flatMap((id) => named.places.get(id) ?? []),
    ].map(({ name }) => name)
}

const partyIds = ({ parties }: SearchedParts) => parties.map(({ party_id }) => party_id)
const placeIds = ({ places }: SearchedParts) => places.map(({ place_id }) => place_id)

function inOrder(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((a, b) => a - b)
}

/**
 * Brings the search index up to date for every agreement that a party or a place ever belonged to, after it got another name:
 * what was found by its old names is found by the new one too, then as now, since a name is a key to search by, not a fact.
 */
export async function reindexAgreementsOf(trx: Trx, link: 'party' | 'place', id: number): Promise<void> {
  const texts = await trx
    .selectFrom('agreement_texts')
    .innerJoin('agreements', 'agreements.id', 'agreement_texts.agreement_id')
    .select(['agreement_texts.id', 'agreement_id', 'reference', 'known_from'])
    .where('agreement_id', 'in', (eb) =>
      eb.selectFrom('agreement_links').select('agreement_id').where('link', '=', link).where('other_id', '=', id),
    )
    .execute()
  for (const { id: textId, agreement_id, reference, known_from } of texts) {
    const version = await trx
      .selectFrom('agreement_versions')
      .select(['title', 'sector', 'summary', 'parts'])
      .where('agreement_id', '=', agreement_id)
      .where('recorded_from', '<=', known_from)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    const text = await textOf(trx, { reference, ...version }, JSON.parse(version.parts) as AgreementParts)
    await trx
      .updateTable('agreement_texts')
      .set({ digest: digestOf(text) })
      .where('id', '=', textId)
      .execute()
    await indexText(trx, textId, text)
  }
}
