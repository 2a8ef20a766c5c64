import { hash } from 'node:crypto'
import { idsInOrder } from '../database/ids.ts'
import { setImmediate } from 'node:timers/promises'
import { type SqlBool, sql } from 'kysely'
import type { Reader, Trx } from '../database/schema.ts'
import { indexText, replaceTexts, type SearchText } from '../database/engines/search.ts'
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

/** Names as they are searched by, each folded once: those of a few parties and places stand in many agreements. */
export class Folding {
  readonly #names = new Map<string, { words: string; keys: readonly string[] }>()

  of(name: string): { words: string; keys: readonly string[] } {
    let folded = this.#names.get(name)
    if (!folded) this.#names.set(name, (folded = { words: fold(name), keys: nameKey(name).split(' ') }))
    return folded
  }
}

/** What an agreement is found by: its own words, and every name of its parties and places. */
export function searchText(
  agreement: Indexed,
  titles: readonly string[],
  names: readonly string[],
  folding = new Folding(),
): SearchText {
  const texts = [agreement.reference, agreement.title, agreement.sector, agreement.summary, ...titles]
  const folded = names.map((name) => folding.of(name))
  return {
    words: [
      referenceToken(agreement.reference),
      ...texts.map((text) => fold(text ?? '')),
      ...folded.map(({ words }) => words),
    ].join(' '),
    keys: [...new Set(folded.flatMap(({ keys }) => keys))].join(' '),
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
    .where('party_id', 'in', idsInOrder(all.flatMap(partyIds)))
    .orderBy('position')
    .execute()
  const places = await db
    .selectFrom('place_names')
    .select(['place_id as id', 'name'])
    .where('place_id', 'in', idsInOrder(all.flatMap(placeIds)))
    .orderBy('position')
    .execute()
  const [ofParty, ofPlace] = [namesById(parties), namesById(places)]
  return (parts) => namesInOrder(parts, ofParty, ofPlace)
}

function namesById(rows: readonly { id: number; name: string }[]): (id: number) => string[] {
  const named = Map.groupBy(rows, ({ id }) => id)
  return (id) => (named.get(id) ?? []).map(({ name }) => name)
}

/** The names of an agreement's parties, then of its places, each in the order in which they were entered. */
export function namesInOrder(
  parts: SearchedParts,
  ofParty: (id: number) => readonly string[],
  ofPlace: (id: number) => readonly string[],
): string[] {
  return [...idsInOrder(partyIds(parts)).flatMap(ofParty), ...idsInOrder(placeIds(parts)).flatMap(ofPlace)]
}

const partyIds = ({ parties }: SearchedParts) => parties.map(({ party_id }) => party_id)
const placeIds = ({ places }: SearchedParts) => places.map(({ place_id }) => place_id)

/** Between two slices of a long work others are answered. */
const TEXTS_AT_ONCE = 100

/**
 * Brings the search index up to date for every agreement that a party or a place ever belonged to, after it got another name:
 * what was found by its old names is found by the new one too, then as now, since a name is a key to search by, not a fact. There may
 * be thousands: they are read and written many at a time, and those who read are answered in between.
 */
export async function reindexAgreementsOf(trx: Trx, link: 'party' | 'place', id: number): Promise<void> {
  const texts = await trx
    .selectFrom('agreement_texts')
    .select('id')
    .where('agreement_id', 'in', (eb) =>
      eb.selectFrom('agreement_links').select('agreement_id').where('link', '=', link).where('other_id', '=', id),
    )
    .orderBy('id')
    .execute()
  const folding = new Folding()
  for (let from = 0; from < texts.length; from += TEXTS_AT_ONCE) {
    const ids = texts.slice(from, from + TEXTS_AT_ONCE).map((text) => text.id)
    await reindexTexts(trx, ids, folding)
    await setImmediate()
  }
}

async function reindexTexts(trx: Trx, ids: readonly number[], folding: Folding): Promise<void> {
  const rows = await trx
    .selectFrom('agreement_texts')
    .innerJoin('agreements', 'agreements.id', 'agreement_texts.agreement_id')
    .innerJoin('agreement_versions', 'agreement_versions.agreement_id', 'agreement_texts.agreement_id')
    .select(['agreement_texts.id', 'digest', 'reference', 'parts'])
    .select(['agreement_versions.title', 'agreement_versions.sector', 'agreement_versions.summary'])
    .where('agreement_texts.id', 'in', ids)
    .where(
      sql<SqlBool>`agreement_versions.version = (select max(earlier.version) from agreement_versions as earlier
        where earlier.agreement_id = agreement_texts.agreement_id and earlier.recorded_from <= agreement_texts.known_from)`,
    )
    .execute()
  const read = rows.map(({ parts, ...row }) => ({ ...row, parts: JSON.parse(parts) as AgreementParts }))
  const namesOf = await readNames(
    trx,
    read.map(({ parts }) => parts),
  )
  const texts = read.flatMap(({ id, digest: before, parts, ...version }) => {
    const titles = parts.titles.map(({ title }) => title)
    const text = searchText(version, titles, namesOf(parts), folding)
    const digest = digestOf(text)
    return digest === before ? [] : [{ id, digest, text }]
  })
  if (texts.length === 0) return
  const digests = sql.join(texts.map(({ id, digest }) => sql`(cast(${id} as bigint), cast(${digest} as text))`))
  await sql`with texts (id, digest) as (values ${digests})
    update agreement_texts set digest = texts.digest from texts where texts.id = agreement_texts.id`.execute(trx)
  await replaceTexts(trx, texts)
}
