import { readFound } from './found.ts'
import { DERIVED_TABLES } from '../database/all-tables.ts'
import { bulkInsert } from '../database/engines/bulk-insert.ts'
import type { Database } from '../database/database.ts'
import type { Reader, Trx } from '../database/schema.ts'
import { goOnAfterGivenIds } from '../database/engines/given-ids.ts'
import { clearIndex, indexTexts } from '../database/engines/search.ts'
import { readKnownHistories } from './history.ts'
import { contestAnew, IN_EFFECT_UNTIL } from './record.ts'
import { standingsOverTime } from './standing.ts'

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
export async function presentDay(trx: Reader, today: string): Promise<string | undefined> {
  const brought = await trx.selectFrom('settings').select('value').where('key', '=', IN_EFFECT_UNTIL).executeTakeFirst()
  const newest = await trx.selectFrom('changes').select('recorded_at').orderBy('id', 'desc').limit(1).executeTakeFirst()
  const days = [brought?.value, newest?.recorded_at.slice(0, 10)].filter((day) => day !== undefined)
  const latest = days.sort().at(-1)
  return latest === undefined || latest < today ? latest : today
}

async function rebuildVersions(trx: Trx, from: number, to: number): Promise<void> {
  const { links, texts } = await readFound(trx, from, to)
  await bulkInsert(trx, 'agreement_links', links)
  const { last } = await trx
    .selectFrom('agreement_texts')
    .select(({ fn }) => fn.max<number | null>('id').as('last'))
    .executeTakeFirstOrThrow()
  const rows = texts.map((row, index) => ({ id: (last ?? 0) + index + 1, ...row }))
  await bulkInsert(
    trx,
    'agreement_texts',
    rows.map(({ text: _text, ...row }) => row),
  )
  await indexTexts(trx, rows)
}
