import type { Selectable } from 'kysely'
import { among } from '../database/engines/among.ts'
import type { Reader } from '../database/schema.ts'
import type { SourcesTable } from '../database/tables/evidence.ts'
import { readSourceEdits, sourceThen } from '../standing/source-then.ts'

type Source = Selectable<SourcesTable>

/** Sources by their ids, as they were known at an instant (null: now): what was edited later is taken back. */
export async function sourcesAt(
  db: Reader,
  ids: readonly number[],
  instant: string | null,
): Promise<Map<number, Source>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('sources')
    .selectAll()
    .where(among(db, 'id', [...new Set(ids)]))
    .execute()
  const edits =
    instant === null
      ? new Map<number, never>()
      : await readSourceEdits(db, { ids: rows.map(({ id }) => id), after: instant })
  return new Map(rows.map((row) => [row.id, sourceThen(row, edits.get(row.id) ?? [], instant)]))
}

/** The sources of an agreement's facts. */
export async function listFactSources(db: Reader, agreementId: number, instant: string | null) {
  const rows = await db
    .selectFrom('agreement_sources')
    .select('source_id')
    .where('agreement_id', '=', agreementId)
    .orderBy('source_id')
    .execute()
  const sources = await sourcesAt(
    db,
    rows.map(({ source_id }) => source_id),
    instant,
  )
  return rows.flatMap(({ source_id }) => sources.get(source_id) ?? [])
}
