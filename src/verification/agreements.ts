import { type SqlBool, sql } from 'kysely'
import type { Reader } from '../database/schema.ts'
import { readKnownHistories } from '../standing/history.ts'
import { type StoredStanding, type Known, STANDING_COLUMNS, standingsOverTime } from '../standing/standing.ts'
import { Fault, isSameValue } from './fault.ts'
import { type PartRows, Replay, type StoredVersion } from './replay.ts'

/** So many agreements are read together. */
export const AGREEMENTS_AT_ONCE = 500

/** The highest id of an agreement; 0 for a register without one. */
export async function lastAgreement(db: Reader): Promise<number> {
  const { last } = await db
    .selectFrom('agreements')
    .select(({ fn }) => fn.max<number | null>('id').as('last'))
    .executeTakeFirstOrThrow()
  return last ?? 0
}

/** Plays the changes of the agreements in a range again, and holds versions, positions, present rows and standings against them. */
export async function checkAgreements(
  db: Reader,
  range: Range,
): Promise<{ agreements: number; versions: number; positions: number }> {
  const found = { agreements: 0, versions: 0, positions: 0 }
  const agreements = await readRows(db, range)
  for (const { replay, versions, positions } of agreements.values()) {
    replay.check()
    found.agreements += 1
    found.versions += versions
    found.positions += positions
  }
  await checkStandings(db, range, new Map([...agreements].map(([id, { reference }]) => [id, reference])))
  return found
}

interface Range {
  from: number
  to: number
}

const within = (column: string, { from, to }: Range) => sql<SqlBool>`${sql.ref(column)} between ${from} and ${to}`

async function readRows(db: Reader, range: Range) {
  const rows = await db.selectFrom('agreements').selectAll().where(within('id', range)).orderBy('id').execute()
  const changes = await db
    .selectFrom('changes')
    .select(['id', 'recorded_at', 'actor', 'kind', 'agreement', 'version', 'before', 'after', 'reason'])
    .where(within('agreement', range))
    .where('version', 'is not', null)
    .orderBy('agreement')
    .orderBy('id')
    .execute()
  const versions = await db
    .selectFrom('agreement_versions')
    .selectAll()
    .where(within('agreement_id', range))
    .orderBy('agreement_id')
    .orderBy('version')
    .execute()
  const positions = await db
    .selectFrom('positions')
    .selectAll()
    .where(within('agreement_id', range))
    .orderBy('agreement_id')
    .orderBy('id')
    .execute()
  const parts = await readPartRows(db, range)
  const versionsOf = byAgreement<StoredVersion>(versions)
  const positionsOf = byAgreement(positions)
  const changesOf = groupBy(changes, ({ agreement }) => agreement ?? 0)
  return new Map(
    rows.map((row) => {
      const own = { versions: versionsOf.get(row.id) ?? [], positions: positionsOf.get(row.id) ?? [] }
      const replay = new Replay(row, changesOf.get(row.id) ?? [], own.versions, own.positions, parts(row.id))
      const counts = { versions: own.versions.length, positions: own.positions.length }
      return [row.id, { reference: row.reference, replay, ...counts }] as const
    }),
  )
}

/** What belongs to the present rows, as the tables have it. */
async function readPartRows(db: Reader, range: Range): Promise<(id: number) => PartRows> {
  const own = within('agreement_id', range)
  const titles = await db.selectFrom('agreement_titles').selectAll().where(own).orderBy('position').execute()
  const parties = await db.selectFrom('agreement_parties').selectAll().where(own).orderBy('position').execute()
  const places = await db.selectFrom('agreement_places').selectAll().where(own).orderBy('position').execute()
  const relations = await db
    .selectFrom('agreement_relations')
    .selectAll()
    .where(own)
    .orderBy('kind')
    .orderBy('other_id')
    .execute()
  const notes = await db.selectFrom('agreement_notes').selectAll().where(own).orderBy('position').execute()
  const groups = {
    titles: byAgreement(titles),
    parties: byAgreement(parties),
    places: byAgreement(places),
    relations: byAgreement(relations),
    notes: byAgreement(notes),
  }
  return (id) => ({
    titles: groups.titles.get(id) ?? [],
    parties: groups.parties.get(id) ?? [],
    places: groups.places.get(id) ?? [],
    relations: groups.relations.get(id) ?? [],
    notes: groups.notes.get(id) ?? [],
  })
}

function byAgreement<Row extends { agreement_id: number }>(rows: readonly Row[]): Map<number, Row[]> {
  return groupBy(rows, ({ agreement_id }) => agreement_id)
}

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => number): Map<number, Row[]> {
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group) group.push(row)
    else groups.set(keyOf(row), [row])
  }
  return groups
}

/** Where each agreement stood is what its positions and claims say. */
async function checkStandings(db: Reader, range: Range, references: ReadonlyMap<number, string>): Promise<void> {
  const stored = groupBy(
    await db
      .selectFrom('standings')
      .select(['agreement_id', 'known_from', 'known_to', ...STANDING_COLUMNS])
      .where(within('agreement_id', range))
      .whereRef('known_from', '<', 'known_to')
      .execute(),
    ({ agreement_id }) => agreement_id,
  )
  for (const [id, history] of await readKnownHistories(db, range.from, range.to)) {
    if (!isSameValue(spansOf(standingsOverTime(history)), spansOf(stored.get(id) ?? [])))
      throw new Fault(`where ${references.get(id)} stood does not follow from its positions and claims`)
  }
}

/**
 * Standings as texts, in one order. What was known for no time is left out, and spans that follow each other and say the same are
 * one: several units of one instant leave both.
 */
function spansOf(standings: readonly (StoredStanding & Known)[]): string[] {
  const known = standings
    .filter(({ known_from, known_to }) => known_from < known_to)
    .map((standing) => ({ key: keyOf(standing), from: standing.known_from, to: seenUntil(standing) }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.from < b.from ? -1 : 1))
  const joined: typeof known = []
  for (const span of known) {
    const last = joined.at(-1)
    if (last?.key === span.key && last.to === span.from) last.to = span.to
    else joined.push(span)
  }
  return joined.map(({ key, from, to }) => `${key} ${from} ${to}`)
}

/** What is announced is seen until its day: how much longer it was kept depends on the time zone and on the clock. */
function seenUntil({ announced, day_to, known_to }: StoredStanding & Known): string {
  return announced && day_to < known_to ? day_to : known_to
}

function keyOf(standing: StoredStanding): string {
  const { position_id, status, means, status_since, contested, announced, kind, sector, day_from, day_to } = standing
  return `${day_from} ${day_to} ${position_id} ${status} ${means} ${status_since} ${contested}${announced} ${kind} ${sector}`
}
