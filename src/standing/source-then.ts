import { type RawBuilder, sql } from 'kysely'
import { among } from '../database/engines/among.ts'
import { engineOf, type EngineName } from '../database/engines/engine.ts'
import { jsonField, jsonHas } from '../database/engines/json.ts'
import type { Reader } from '../database/schema.ts'
import type { SourcesTable } from '../database/tables/evidence.ts'
import type { PartialDate } from '../time/partial-date.ts'
import { LAST_INSTANT } from '../time/moment.ts'
import type { Known } from './standing.ts'

// A source is kept as it is now, and the history has what each edit replaced. What was known at an instant is said here, and nowhere
// else: once for rows that were read, once in SQL. A test holds the two to each other.

/** What an edit of a source replaced, and when. */
export interface SourceEdit {
  at: string
  before: Partial<SourcesTable>
}

/** The edits of sources by the source's id, oldest first: of some sources, or of all; those after an instant, or ever. */
export async function readSourceEdits(
  db: Reader,
  { ids, after = '', field }: { ids?: readonly number[]; after?: string; field?: keyof SourcesTable },
): Promise<Map<number, SourceEdit[]>> {
  const rows = await db
    .selectFrom('changes')
    .select(['subject', 'recorded_at', 'before'])
    .where('kind', '=', 'source_edited')
    .where('recorded_at', '>', after)
    .$if(ids !== undefined, (query) =>
      query.where(
        among(
          db,
          'subject',
          (ids ?? []).map((id) => `source:${id}`),
        ),
      ),
    )
    .$if(field !== undefined, (query) => query.where(jsonHas(engineOf(db), 'before', field ?? '')))
    .orderBy('id')
    .execute()
  const edits = new Map<number, SourceEdit[]>()
  for (const { subject, recorded_at, before } of rows) {
    const id = Number(subject.slice('source:'.length))
    const edit = { at: recorded_at, before: JSON.parse(before ?? '{}') as SourceEdit['before'] }
    edits.set(id, [...(edits.get(id) ?? []), edit])
  }
  return edits
}

/** A source, or some of its fields, as known at an instant (null: now): of each field what the first edit after it replaced. */
export function sourceThen<Source extends object>(
  source: Source,
  edits: readonly SourceEdit[],
  instant: string | null,
): Source {
  const later = edits.filter(({ at }) => instant !== null && at > instant)
  return Object.assign({}, source, ...later.map(({ before }) => before).toReversed()) as Source
}

/** Every day on which a source was ever taken to be published, with the span of instants over which it was. */
export function publicationsOf(
  published_on: PartialDate | null,
  edits: readonly SourceEdit[],
): (Known & { published_on: PartialDate | null })[] {
  const instants = ['', ...edits.map(({ at }) => at)]
  return instants.map((known_from, index) => ({
    published_on: sourceThen({ published_on }, edits, known_from).published_on,
    known_from,
    known_to: instants[index + 1] ?? LAST_INSTANT,
  }))
}

/** In SQL: the day on which a row of `sources` was published, by what was known at an instant. */
export function publishedThen(engine: EngineName, instant: string | null): RawBuilder<PartialDate | null> {
  if (instant === null) return sql<PartialDate | null>`sources.published_on`
  const edited = sql`from changes as edit where edit.subject = 'source:' || sources.id and edit.kind = 'source_edited'
    and edit.recorded_at > ${instant} and ${jsonHas(engine, 'edit.before', 'published_on')} order by edit.id limit 1`
  // Few sources are edited: which, is asked once, and each of the others not at all.
  const ever = sql`select subject from changes where kind = 'source_edited' and recorded_at > ${instant}`
  return sql<PartialDate | null>`case when 'source:' || sources.id in (${ever}) and exists (select 1 ${edited})
    then (select ${jsonField(engine, 'edit.before', 'published_on')} ${edited}) else sources.published_on end`
}
