import { type SqlBool, sql } from 'kysely'
import type { Reader } from '../database/schema.ts'
import { readKnownHistories } from '../standing/history.ts'
import { STANDING_COLUMNS, standingsOverTime } from '../standing/standing.ts'
import { Fault, isSameValue } from './fault.ts'
import { Replay, type StoredVersion } from './replay.ts'

const AT_ONCE = 500

/** Plays the changes of every agreement again, and holds its versions, positions, present row and standings against them. */
export async function checkAgreements(
  db: Reader,
): Promise<{ agreements: number; versions: number; positions: number }> {
  const { last } = await db
    .selectFrom('agreements')
    .select(({ fn }) => fn.max('id').as('last'))
    .executeTakeFirstOrThrow()
  const found = { agreements: 0, versions: 0, positions: 0 }
  for (let from = 1; from <= (last ?? 0); from += AT_ONCE) {
    const range = { from, to: from + AT_ONCE - 1 }
    const agreements = await readRows(db, range)
    for (const { replay, versions, positions } of agreements.values()) {
      replay.check()
      found.agreements += 1
      found.versions += versions
      found.positions += positions
    }
    await checkParts(db, range)
    await checkStandings(db, range, new Map([...agreements].map(([id, { reference }]) => [id, reference])))
  }
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
  const versionsOf = groupBy<StoredVersion>(versions, ({ agreement_id }) => agreement_id)
  const positionsOf = groupBy(positions, ({ agreement_id }) => agreement_id)
  const changesOf = groupBy(changes, ({ agreement }) => agreement ?? 0)
  return new Map(
    rows.map((row) => {
      const own = { versions: versionsOf.get(row.id) ?? [], positions: positionsOf.get(row.id) ?? [] }
      const replay = new Replay(row, changesOf.get(row.id) ?? [], own.versions, own.positions)
      const counts = { versions: own.versions.length, positions: own.positions.length }
      return [row.id, { reference: row.reference, replay, ...counts }] as const
    }),
  )
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

/** The parts of the present row are those that its newest version kept. */
async function checkParts(db: Reader, range: Range): Promise<void> {
  const { rows } = await sql<{ reference: string; part: string }>`
    with kept as (
      select agreement_id, parts from agreement_versions where recorded_to is null and agreement_id between ${range.from} and ${range.to}
    ), differing as (
      ${sql.join(PARTS.map(differingParts), sql` union all `)}
    )
    select reference, part from differing join agreements on agreements.id = agreement_id limit 1`.execute(db)
  const [first] = rows
  if (first) throw new Fault(`the ${first.part} of ${first.reference} are not those of its newest version`)

  function differingParts([part, table, columns]: (typeof PARTS)[number]) {
    const own = sql.join(columns.map((column) => sql`'${sql.raw(column)}', coalesce(${sql.ref(column)}, '')`))
    const keptColumns = sql.join(
      columns.map((column) => sql`'${sql.raw(column)}', coalesce(item.value ->> ${sql.lit(`$.${column}`)}, '')`),
    )
    return sql`
      select kept.agreement_id, ${sql.lit(part)} as part from kept where
        coalesce((select group_concat(line, char(10)) from (
          select json_object(${own}) as line from ${sql.table(table)} where ${sql.table(table)}.agreement_id = kept.agreement_id order by line)), '')
        <> coalesce((select group_concat(line, char(10)) from (
          select json_object(${keptColumns}) as line from json_each(kept.parts, ${sql.lit(`$.${part}`)}) as item order by line)), '')`
  }
}

const PARTS = [
  ['titles', 'agreement_titles', ['lang', 'title']],
  ['parties', 'agreement_parties', ['party_id', 'role']],
  ['places', 'agreement_places', ['place_id', 'role']],
  ['relations', 'agreement_relations', ['kind', 'other_id']],
  ['notes', 'agreement_notes', ['field', 'value', 'url', 'note']],
] as const

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
    const expected = standingsOverTime(history)
      .filter(({ known_from, known_to }) => known_from < known_to)
      .map((standing) => keyOf({ ...standing }))
    const actual = (stored.get(id) ?? []).map((standing) => keyOf({ ...standing }))
    if (!isSameValue(expected.sort(), actual.sort()))
      throw new Fault(`where ${references.get(id)} stood does not follow from its positions and claims`)
  }
}

function keyOf(standing: Record<string, unknown>): string {
  return [...STANDING_COLUMNS, 'known_from', 'known_to'].map((column) => standing[column]).join(' ')
}
