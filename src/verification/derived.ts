import { countIndexed, textsAmiss } from '../database/engines/search.ts'
import type { Reader } from '../database/schema.ts'
import { readFound } from '../standing/found.ts'
import type { Link } from '../standing/links.ts'
import { readKnownHistories } from '../standing/history.ts'
import { presentDay } from '../standing/rebuild.ts'
import { IN_EFFECT_UNTIL } from '../standing/record.ts'
import {
  type Known,
  STANDING_COLUMNS,
  type Standing,
  standingOn,
  standingsOverTime,
  type StoredStanding,
} from '../standing/standing.ts'
import { latestDay, systemClock } from '../time/clock.ts'
import { LAST_DAY, LAST_INSTANT } from '../time/moment.ts'
import { Fault, isSameValue } from './fault.ts'
import { type Range, within } from './range.ts'

/**
 * What is kept beside the record, so that lists and searches are quick, is what follows from it: where each agreement stood, whether its
 * present row is contested, what belonged to it, and its words.
 * @param references of the agreements in the range, by their numbers
 * @throws Fault naming the agreement
 */
export async function checkDerived(db: Reader, range: Range, references: ReadonlyMap<number, string>): Promise<void> {
  await checkStandings(db, range, references)
  const { links, texts } = await readFound(db, range.from, range.to)
  const storedLinks = await db.selectFrom('agreement_links').selectAll().where(within('agreement_id', range)).execute()
  const storedTexts = await db.selectFrom('agreement_texts').selectAll().where(within('agreement_id', range)).execute()
  checkSpans(references, 'agreement_links', keyed(links, linkKey), keyed(storedLinks, linkKey))
  checkSpans(references, 'agreement_texts', keyed(texts, textKey), keyed(storedTexts, textKey))
  const textOf = new Map(texts.map(({ agreement_id, digest, text }) => [`${agreement_id} ${digest}`, text]))
  const indexed = storedTexts.flatMap(({ id, agreement_id, digest }) => {
    const text = textOf.get(`${agreement_id} ${digest}`)
    return text ? [{ id, text }] : []
  })
  const [amiss] = await textsAmiss(db, indexed)
  const of = storedTexts.find(({ id }) => id === amiss)
  if (of)
    throw new Fault(`${references.get(of.agreement_id)} is not in the search index (agreement_search) as it should be`)
}

/** The search index has no other texts than those that are kept. */
export async function checkIndexed(db: Reader): Promise<void> {
  const { kept } = await db
    .selectFrom('agreement_texts')
    .select(({ fn }) => fn.countAll<number>().as('kept'))
    .executeTakeFirstOrThrow()
  const indexed = await countIndexed(db)
  if (indexed !== kept)
    throw new Fault(`the search index (agreement_search) has ${indexed} texts, and agreement_texts ${kept}`)
}

function linkKey({ link, other_id }: Link): string {
  return `${link} ${other_id}`
}

function textKey({ digest }: { digest: string }): string {
  return digest
}

/** Its reference; its number where it has no row any more. */
function nameOf(references: ReadonlyMap<number, string>, id: number): string {
  return references.get(id) ?? `agreement ${id}`
}

/** What held for an agreement over a span of knowledge, as one text. */
interface Keyed extends Known {
  agreement_id: number
  key: string
}

function keyed<Row extends { agreement_id: number } & Known>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): Map<number, Keyed[]> {
  const all = rows.map((row) => {
    const { agreement_id, known_from, known_to } = row
    return { agreement_id, key: keyOf(row), known_from, known_to }
  })
  return Map.groupBy(all, ({ agreement_id }) => agreement_id)
}

function checkSpans(
  references: ReadonlyMap<number, string>,
  table: string,
  following: ReadonlyMap<number, readonly Keyed[]>,
  stored: ReadonlyMap<number, readonly Keyed[]>,
): void {
  for (const id of new Set([...following.keys(), ...stored.keys()])) {
    if (isSameValue(spansOf(following.get(id) ?? []), spansOf(stored.get(id) ?? []))) continue
    throw new Fault(`what ${nameOf(references, id)} is found by (${table}) does not follow from its versions`)
  }
}

/** Where each agreement stood is what its positions and claims say, and its present row is contested where it says so. */
async function checkStandings(db: Reader, range: Range, references: ReadonlyMap<number, string>): Promise<void> {
  const rows = await db
    .selectFrom('standings')
    .select(['agreement_id', 'known_from', 'known_to', ...STANDING_COLUMNS])
    .where(within('agreement_id', range))
    .whereRef('known_from', '<', 'known_to')
    .execute()
  const stored = keyed(rows.map(asSeen), standingKey)
  const present = await readContested(db, range)
  const days = await presentDays(db)
  for (const [id, history] of await readKnownHistories(db, range.from, range.to)) {
    const following = standingsOverTime(history)
    const expected = following.map((standing) => ({ ...asSeen(standing), key: standingKey(standing) }))
    if (!isSameValue(spansOf(expected), spansOf(stored.get(id) ?? [])))
      throw new Fault(`where ${nameOf(references, id)} stood (standings) does not follow from its positions and claims`)
    const known: Standing[] = following.filter(({ known_to }) => known_to === LAST_INSTANT)
    if (!days.some((day) => (standingOn(known, day)?.contested ?? 0) === present.get(id)))
      throw new Fault(
        `the present row of ${nameOf(references, id)} does not say of contested what follows from its positions and claims`,
      )
    stored.delete(id)
  }
  const [stray] = stored.keys()
  if (stray !== undefined) throw new Fault(`where agreement ${stray} stood (standings) follows from no position`)
}

async function readContested(db: Reader, range: Range): Promise<Map<number, number>> {
  const rows = await db.selectFrom('agreements').select(['id', 'contested']).where(within('id', range)).execute()
  return new Map(rows.map(({ id, contested }) => [id, contested]))
}

/** The days of which a present row may be: the one that all were brought to, and that of a change recorded since. */
async function presentDays(db: Reader): Promise<string[]> {
  const brought = await db.selectFrom('settings').select('value').where('key', '=', IN_EFFECT_UNTIL).executeTakeFirst()
  // The newest change may have been judged by a day that this machine's clock has not reached.
  const days = [brought?.value, await presentDay(db, latestDay(systemClock)), await presentDay(db, LAST_DAY)]
  return [...new Set(days)].filter((one) => one !== undefined)
}

/**
 * Spans as texts, in one order. What was known for no time is left out, and spans that follow each other and say the same are
 * one: several units of one instant leave both.
 */
function spansOf(rows: readonly (Known & { key: string })[]): string[] {
  const known = rows
    .filter(({ known_from, known_to }) => known_from < known_to)
    .map(({ key, known_from, known_to }) => ({ key, from: known_from, to: known_to }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.from < b.from ? -1 : 1))
  const joined: typeof known = []
  for (const span of known) {
    const last = joined.at(-1)
    if (last?.key === span.key && last.to === span.from) last.to = span.to
    else joined.push(span)
  }
  return joined.map((span) => `${span.key} ${span.from} ${span.to}`)
}

/** What is announced is seen until its day: how much longer it was kept depends on the time zone and on the clock. */
function asSeen<Row extends StoredStanding & Known>(row: Row): Row {
  return row.announced && row.day_to < row.known_to ? { ...row, known_to: row.day_to } : row
}

function standingKey(standing: StoredStanding): string {
  const { position_id, status, means, status_since, contested, announced, kind, sector, day_from, day_to } = standing
  return `${day_from} ${day_to} ${position_id} ${status} ${means} ${status_since} ${contested}${announced} ${kind} ${sector}`
}
