import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { knownAt } from '../../time/known.ts'
import type { Reader, Trx } from '../schema.ts'
import { engineOf, type EngineName, type PerEngine } from './engine.ts'

// Both engines are given words that are folded already (`fold`), parted by spaces, and do nothing more to them: SQLite keeps them in
// an FTS5 table, PostgreSQL as lexemes of a tsvector under a GIN index. So a search finds the same on both.

/** What an agreement can be found by: folded words, and the consonant keys of the names among them. */
export interface SearchText {
  words: string
  keys: string
}

/** A text under its id of `agreement_texts`. */
export interface IndexedText {
  id: number
  text: SearchText
}

/** Which text is searched: what was typed, or (only when that finds nothing) the consonants of names. */
export type SearchMode = 'words' | 'keys'

/** A token that a text must have; `isPrefix` also finds longer words that begin with it. */
interface Term {
  token: string
  isPrefix: boolean
}

interface SearchWords {
  /** Makes the index; what it needs of the engine. */
  create: readonly string[]
  index: (texts: readonly IndexedText[]) => RawBuilder<unknown>
  forget: (textIds: readonly number[]) => RawBuilder<unknown>
  clear: RawBuilder<unknown>
  /** How many texts the index has. */
  count: RawBuilder<{ count: number }>
  /** The ids of those texts that the index does not have as they are. */
  amiss(db: Reader, texts: readonly IndexedText[]): Promise<number[]>
  /** The ids of the texts that have every term, known at an instant; reads `agreement_texts` as `texts`. */
  matching(mode: SearchMode, terms: readonly Term[], instant: string | null): RawBuilder<number>
  /** Makes `contains` quick in a column. */
  createContains(name: string, table: string, column: string): readonly string[]
  /** That a text has another one within it, letter by letter. */
  contains(column: string, part: string): RawBuilder<SqlBool>
}

/** PostgreSQL keeps no lexeme of more than 2 kB. */
const LONGEST_LEXEME = 500

const lexemes = (text: string) => [...new Set(text.split(' ').map((word) => word.slice(0, LONGEST_LEXEME)))].join(' ')

/** The words of a text, each once. */
const tokensOf = (text: string) => [...new Set(text.split(' ').filter((word) => word !== ''))]

const vectorOf = (mode: SearchMode) =>
  sql`array_to_tsvector(array_remove(string_to_array(${sql.ref(`texts.${mode}`)}, ' '), ''))`

const lexemesOf = (texts: readonly IndexedText[]) => sql`unnest(
  cast(${texts.map(({ id }) => id)} as bigint[]),
  cast(${texts.map(({ text }) => lexemes(text.words))} as text[]),
  cast(${texts.map(({ text }) => lexemes(text.keys))} as text[])
) as texts (id, words, keys)`

const words: PerEngine<SearchWords> = {
  sqlite: {
    create: [
      `create virtual table agreement_search using fts5(
    words, keys, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 0', prefix = '3'
  )`,
    ],
    index: (texts) => sql`insert into agreement_search (rowid, words, keys)
      select value ->> 0, value ->> 1, value ->> 2
      from json_each(${JSON.stringify(texts.map(({ id, text }) => [id, text.words, text.keys]))})`,
    forget: (ids) => sql`delete from agreement_search
      where rowid in (select value from json_each(${JSON.stringify(ids)}))`,
    clear: sql`insert into agreement_search (agreement_search) values ('delete-all')`,
    count: sql<{ count: number }>`select count(*) as count from agreement_search_docsize`,
    // The index keeps no texts: that it has every word of each is all that can be asked of it. A number of JavaScript's arrives as a
    // floating one, which FTS5 takes for no condition at all.
    amiss: async (db, texts) => {
      const amiss: number[] = []
      for (const { id, text } of texts) {
        const all = (['words', 'keys'] as const)
          .filter((mode) => text[mode].trim() !== '')
          .map(
            (mode) =>
              `(${mode} : (${tokensOf(text[mode])
                .map((token) => `"${token}"`)
                .join(' AND ')}))`,
          )
        const { rows } = await sql`select 1 from agreement_search
          where rowid = cast(${id} as integer) and agreement_search match ${all.join(' AND ')}`.execute(db)
        if (rows.length === 0) amiss.push(id)
      }
      return amiss
    },
    matching: (mode, terms, instant) => {
      const tokens = terms.map(({ token, isPrefix }) => `"${token}"${isPrefix ? '*' : ''}`)
      const expression = `${mode} : (${tokens.join(' AND ')})`
      // A cross join keeps its order in SQLite: the index first, then one look-up for each row that it finds.
      return sql<number>`(select texts.agreement_id from agreement_search cross join agreement_texts as texts
        where agreement_search match ${expression} and texts.id = agreement_search.rowid and ${knownAt(instant, 'texts')})`
    },
    createContains: () => [],
    contains: (column, part) => sql<SqlBool>`instr(${sql.ref(column)}, ${part}) > 0`,
  },
  postgres: {
    create: [
      `create table agreement_search (
    text_id bigint primary key,
    words tsvector not null,
    keys tsvector not null
  )`,
      `create index agreement_search_words on agreement_search using gin (words)`,
      `create index agreement_search_keys on agreement_search using gin (keys)`,
    ],
    index: (texts) =>
      sql`insert into agreement_search (text_id, words, keys)
        select id, ${vectorOf('words')}, ${vectorOf('keys')} from ${lexemesOf(texts)}`,
    forget: (ids) => sql`delete from agreement_search where text_id = any(cast(${ids} as bigint[]))`,
    clear: sql`delete from agreement_search`,
    count: sql<{ count: number }>`select count(*) as count from agreement_search`,
    amiss: async (db, texts) => {
      const { rows } = await sql<{ id: number }>`
        select texts.id from ${lexemesOf(texts)} left join agreement_search as indexed on indexed.text_id = texts.id
        where indexed.words is distinct from ${vectorOf('words')} or indexed.keys is distinct from ${vectorOf('keys')}
        order by texts.id`.execute(db)
      return rows.map(({ id }) => id)
    },
    matching: (mode, terms, instant) => {
      // Folded tokens are letters and digits: nothing in them has to be escaped.
      const tokens = terms.map(({ token, isPrefix }) => `'${token.slice(0, LONGEST_LEXEME)}'${isPrefix ? ':*' : ''}`)
      return sql<number>`(select texts.agreement_id from agreement_search join agreement_texts as texts
          on texts.id = agreement_search.text_id
        where ${sql.ref(`agreement_search.${mode}`)} @@ cast(${tokens.join(' & ')} as tsquery) and ${knownAt(instant, 'texts')})`
    },
    createContains: (name, table, column) => [
      `create extension if not exists pg_trgm`,
      `create index ${name} on ${table} using gin (${column} gin_trgm_ops)`,
    ],
    contains: (column, part) => sql<SqlBool>`${sql.ref(column)} like ${`%${part.replace(/[\\%_]/g, '\\$&')}%`}`,
  },
}

/** The statements with which a migration makes the index. */
export function createSearch(engine: EngineName): readonly string[] {
  return words[engine].create
}

/** The statements with which a migration makes `containing` quick in a column. */
export function createContains(engine: EngineName, name: string, table: string, column: string): readonly string[] {
  return words[engine].createContains(name, table, column)
}

/** Replaces what stands in the index under an id of `agreement_texts`. */
export async function indexText(trx: Trx, textId: number, text: SearchText): Promise<void> {
  await replaceTexts(trx, [{ id: textId, text }])
}

/** The same for many. */
export async function replaceTexts(trx: Trx, texts: readonly IndexedText[]): Promise<void> {
  await words[engineOf(trx)].forget(texts.map(({ id }) => id)).execute(trx)
  await indexTexts(trx, texts)
}

/** Adds texts whose ids the index does not have yet. */
export async function indexTexts(trx: Trx, texts: readonly IndexedText[]): Promise<void> {
  await words[engineOf(trx)].index(texts).execute(trx)
}

/** Empties the index, for building it anew. */
export async function clearIndex(trx: Trx): Promise<void> {
  await words[engineOf(trx)].clear.execute(trx)
}

/** How many texts the index has. */
export async function countIndexed(db: Reader): Promise<number> {
  const { rows } = await words[engineOf(db)].count.execute(db)
  return rows[0]?.count ?? 0
}

/** The ids of those texts that the index does not have as they are: with every word of theirs, and on PostgreSQL with no other. */
export async function textsAmiss(db: Reader, texts: readonly IndexedText[]): Promise<number[]> {
  return texts.length === 0 ? [] : words[engineOf(db)].amiss(db, texts)
}

/**
 * A subquery with the ids of the agreements in which every token occurred, by what was known at an instant (null: now); in
 * `words` mode a token of three characters or more also finds longer words that begin with it.
 */
export function agreementsMatching(
  engine: EngineName,
  mode: SearchMode,
  tokens: readonly string[],
  instant: string | null,
): RawBuilder<number> {
  const terms = tokens.map((token) => ({ token, isPrefix: mode === 'words' && token.length >= 3 }))
  return words[engine].matching(mode, terms, instant)
}

/** That a text column has another text within it, letter by letter. */
export function containing(db: Reader, column: string, part: string): RawBuilder<SqlBool> {
  return words[engineOf(db)].contains(column, part)
}
