import { type RawBuilder, sql } from 'kysely'
import type { Trx } from './schema.ts'

/** What an agreement can be found by: folded words, and the consonant keys of the names among them. */
export interface SearchText {
  words: string
  keys: string
}

/** Replaces what is indexed of an agreement. */
export async function indexAgreement(trx: Trx, id: number, text: SearchText): Promise<void> {
  await sql`delete from agreement_search where rowid = ${id}`.execute(trx)
  await sql`insert into agreement_search (rowid, words, keys) values (${id}, ${text.words}, ${text.keys})`.execute(trx)
}

/** Which text is searched: what was typed, or (only when that finds nothing) the consonants of names. */
export type SearchMode = 'words' | 'keys'

/**
 * A subquery with the ids of the agreements in which every token occurs; in `words` mode a token of three
 * characters or more also finds longer words that begin with it.
 */
export function agreementsMatching(mode: SearchMode, tokens: readonly string[]): RawBuilder<number> {
  const terms = tokens.map((token) => `"${token}"${mode === 'words' && token.length >= 3 ? '*' : ''}`)
  const expression = `${mode} : (${terms.join(' AND ')})`
  return sql<number>`(select rowid from agreement_search where agreement_search match ${expression})`
}
