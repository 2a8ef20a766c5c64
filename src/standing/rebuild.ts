import { digestOf, Folding, readNames, searchText } from './search-text.ts'
import type { AgreementParts } from '../database/tables/agreements.ts'
import { type Link, linksOf } from './links.ts'
import { DERIVED_TABLES } from '../database/all-tables.ts'
import { bulkInsert } from '../database/engines/bulk-insert.ts'
import type { Database } from '../database/database.ts'
import type { Trx } from '../database/schema.ts'
import { goOnAfterGivenIds } from '../database/engines/given-ids.ts'
import { clearIndex, indexTexts } from '../database/engines/search.ts'
import { readKnownHistories } from './history.ts'
import { contestAnew, IN_EFFECT_UNTIL } from './record.ts'
import { LAST_INSTANT } from '../time/moment.ts'
import { type Known, standingsOverTime } from './standing.ts'

const KEY = 'rebuild'
const AGREEMENTS_AT_ONCE = 500

/**
 * Works out what follows from the recorded history, where a migration asked for it: standings, links, words to search by, and
 * which present rows are contested.
 * @param today the present day; a change stamped ahead of it does not bring the present rows further
 */
export async function rebuildIfAsked(db: Database, today: string): Promise<void> {
  const asked = await db.read.selectFrom('settings').select('value').where('key', '=', KEY).executeTakeFirst()
  if (!asked) return
  await db.transaction(async (trx) => {
    await rebuild(trx, today)
    await trx.deleteFrom('settings').where('key', '=', KEY).execute()
  })
}

async function rebuild(trx: Trx, today: string): Promise<void> {
  for (const table of DERIVED_TABLES) await trx.deleteFrom(table).execute()
  await clearIndex(trx)
  const { last } = await trx
    .selectFrom('agreements')
    .select(({ fn }) => fn.max('id').as('last'))
    .executeTakeFirstOrThrow()
  for (let from = 1; from <= (last ?? 0); from += AGREEMENTS_AT_ONCE) {
    const to = from + AGREEMENTS_AT_ONCE - 1
    for (const [agreement_id, history] of await readKnownHistories(trx, from, to)) {
      await bulkInsert(
        trx,
        'standings',
        standingsOverTime(history).map((standing) => ({ agreement_id, ...standing })),
      )
    }
    await rebuildVersions(trx, from, to)
  }
  await goOnAfterGivenIds(trx)
  const day = await presentDay(trx, today)
  if (day !== undefined) await contestAnew(trx, day)
}

/** The day of which the present rows are: the one that they were brought to, or that of a change recorded since; today at the latest. */
async function presentDay(trx: Trx, today: string): Promise<string | undefined> {
  const brought = await trx.selectFrom('settings').select('value').where('key', '=', IN_EFFECT_UNTIL).executeTakeFirst()
  const newest = await trx.selectFrom('changes').select('recorded_at').orderBy('id', 'desc').limit(1).executeTakeFirst()
  const days = [brought?.value, newest?.recorded_at.slice(0, 10)].filter((day) => day !== undefined)
  const latest = days.sort().at(-1)
  return latest === undefined || latest < today ? latest : today
}

/** Links and words follow from the versions: each holds for as long as it is the same. */
async function rebuildVersions(trx: Trx, from: number, to: number): Promise<void> {
  const versions = await trx
    .selectFrom('agreement_versions')
    .innerJoin('agreements', 'agreements.id', 'agreement_versions.agreement_id')
    .select([
      'agreement_id',
      'reference',
      'agreement_versions.title',
      'agreement_versions.sector',
      'agreement_versions.summary',
      'parts',
      'recorded_from',
      'recorded_to',
    ])
    .where('agreement_id', '>=', from)
    .where('agreement_id', '<=', to)
    .orderBy('agreement_id')
    .orderBy('agreement_versions.version')
    .execute()
  const read = versions.map(({ parts, ...version }) => ({ ...version, parts: JSON.parse(parts) as AgreementParts }))
  const namesOf = await readNames(
    trx,
    read.map(({ parts }) => parts),
  )
  const links = new Spans<{ agreement_id: number } & Link>()
  const folding = new Folding()
  const texts = new Spans<{ agreement_id: number; digest: string; text: ReturnType<typeof searchText> }>()
  for (const { agreement_id, parts, recorded_from, recorded_to, ...version } of read) {
    const known = { known_from: recorded_from, known_to: recorded_to ?? LAST_INSTANT }
    for (const link of linksOf(parts))
      links.add(`${agreement_id} ${link.link} ${link.other_id}`, { agreement_id, ...link }, known)
    const titles = parts.titles.map(({ title }) => title)
    const text = searchText(version, titles, namesOf(parts), folding)
    const digest = digestOf(text)
    texts.add(`${agreement_id} ${digest}`, { agreement_id, digest, text }, known)
  }
  await bulkInsert(trx, 'agreement_links', links.all())
  const { last } = await trx
    .selectFrom('agreement_texts')
    .select(({ fn }) => fn.max<number | null>('id').as('last'))
    .executeTakeFirstOrThrow()
  const rows = texts.all().map((row, index) => ({ id: (last ?? 0) + index + 1, ...row }))
  await bulkInsert(
    trx,
    'agreement_texts',
    rows.map(({ text: _text, ...row }) => row),
  )
  await indexTexts(trx, rows)
}

/** Spans that follow each other are one, for as long as their key is the same. */
class Spans<Row> {
  readonly #spans = new Map<string, (Row & Known)[]>()

  add(key: string, row: Row, known: Known): void {
    const spans = this.#spans.get(key) ?? []
    const last = spans.at(-1)
    if (last?.known_to === known.known_from) last.known_to = known.known_to
    else if (known.known_from < known.known_to) spans.push({ ...row, ...known })
    this.#spans.set(key, spans)
  }

  all(): (Row & Known)[] {
    return [...this.#spans.values()].flat()
  }
}
