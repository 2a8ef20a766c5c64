import { type RawBuilder, sql } from 'kysely'
import { knownAt } from '../standing/known.ts'
import type { Trx } from './schema.ts'

/** What an agreement can be found by: folded words, and the consonant keys of the names among them. */
export interface SearchText {
  words: string
  keys: string
}

/** Replaces what stands in the index under an id of `agreement_texts`. */
export async function indexText(trx: Trx, textId: number, text: SearchText): Promise<void> {
  await sql`delete from agreement_search where rowid = ${textId}`.execute(trx)
  await sql`insert into agreement_search (rowid, words, keys) values (${textId}, ${text.words}, ${text.keys})`.execute(
    trx,
  )
}

/** Empties the index, for building it anew. */
export async function clearIndex(trx: Trx): Promise<void> {
  await sql`insert into agreement_search (agreement_search) values ('delete-all')`.execute(trx)
}

/** Which text is searched: what was typed, or (only when that finds nothing) the consonants of names. */
export type SearchMode = 'words' | 'keys'

/**
 * A subquery with the ids of the agreements in which every token occurred, by what was known at an instant (null: now); in
 * `words` mode a token of three characters or more also finds longer words that begin with it.
 */
export function agreementsMatching(
  mode: SearchMode,
  tokens: readonly string[],
  instant: string | null,
): RawBuilder<number> {
  const terms = tokens.map((token) => `"${token}"${mode === 'words' && token.length >= 3 ? '*' : ''}`)
  const expression = `${mode} : (${terms.join(' AND ')})`
  // A cross join keeps its order in SQLite: the index first, then one look-up for each row that it finds.
  return sql<number>`(select texts.agreement_id from agreement_search cross join agreement_texts as texts
    where agreement_search match ${expression} and texts.id = agreement_search.rowid and ${knownAt(instant, 'texts')})`
}
