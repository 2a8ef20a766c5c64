import { type SqlBool, sql } from 'kysely'
import { containing } from '../database/engines/search.ts'
import type { Reader } from '../database/schema.ts'
import { firstDay } from '../time/partial-date.ts'
import { plain } from '../names/name.ts'
import { heldAt } from '../time/known.ts'
import { LAST_INSTANT, type Moment } from '../time/moment.ts'
import { sourcesAt } from './at.ts'
import type { SourceFilter } from './filter.ts'
import { type Reliability, searchedText } from '../words/source.ts'

/** A page of the sources, the newest first, with what rests on each; filters ask what was known at the moment. */
export async function listSources(db: Reader, filter: SourceFilter, moment: Moment) {
  const { instant } = moment
  const all = instant === null ? await idsNow(db, filter) : await idsThen(db, filter, instant)
  const ids = moment.day === null ? all : await publishedBy(db, all, moment, moment.day)
  const shown = ids.slice((filter.page - 1) * filter.per_page, filter.page * filter.per_page)
  const sources = await sourcesAt(db, shown, instant)
  const resting = await countResting(db, shown, instant)
  return {
    total: ids.length,
    rows: shown.flatMap((id) => {
      const source = sources.get(id)
      return source ? [{ ...source, ...(resting.get(id) ?? { claims: 0, positions: 0 }) }] : []
    }),
  }
}

async function idsNow(db: Reader, { q, reliability, publisher, rests }: SourceFilter): Promise<number[]> {
  const rows = await db
    .selectFrom('sources')
    .select('id')
    .$if(q !== null, (query) => query.where(containing(db, 'folded', plain(q ?? ''))))
    .$if(publisher !== null, (query) => query.where('publisher', '=', publisher))
    .$if(reliability === 'none', (query) => query.where('reliability', 'is', null))
    .$if(reliability !== null && reliability !== 'none', (query) =>
      query.where('reliability', '=', reliability as Reliability),
    )
    .$if(rests === 'nothing', (query) => query.where(restsNothing(null)))
    .orderBy('published_on', (order) => order.desc().nullsLast())
    .orderBy('id', 'desc')
    .execute()
  return rows.map(({ id }) => id)
}

/** The same of an instant: what was edited since is taken back before anybody asks. */
async function idsThen(db: Reader, filter: SourceFilter, instant: string): Promise<number[]> {
  const rows = await db
    .selectFrom('sources')
    .select('id')
    .where('recorded_at', '<=', instant)
    .$if(filter.rests === 'nothing', (query) => query.where(restsNothing(instant)))
    .execute()
  const sources = await sourcesAt(
    db,
    rows.map(({ id }) => id),
    instant,
  )
  const { q, publisher, reliability } = filter
  return [...sources.values()]
    .filter(
      (source) =>
        (q === null || searchedText(source).includes(plain(q))) &&
        (publisher === null || source.publisher === publisher) &&
        (reliability === null || (source.reliability ?? 'none') === reliability),
    )
    .sort((a, b) => compareDays(b.published_on, a.published_on) || b.id - a.id)
    .map(({ id }) => id)
}

/** Those of some sources that were published by a day, or nobody knows when. */
async function publishedBy(db: Reader, ids: readonly number[], { instant }: Moment, day: string): Promise<number[]> {
  const sources = await sourcesAt(db, ids, instant)
  return ids.filter((id) => {
    const published = sources.get(id)?.published_on ?? null
    return published === null || firstDay(published) <= day
  })
}

function compareDays(one: string | null, other: string | null): number {
  return (one ?? '') < (other ?? '') ? -1 : (one ?? '') > (other ?? '') ? 1 : 0
}

function restsNothing(instant: string | null) {
  return sql<SqlBool>`not exists (select 1 from claims where source_id = sources.id and claims.recorded_at <= ${instant ?? LAST_INSTANT})
    and not exists (select 1 from position_sources join positions on positions.id = position_id
      where source_id = sources.id and positions.recorded_at <= ${instant ?? LAST_INSTANT})`
}

async function countResting(db: Reader, ids: readonly number[], instant: string | null) {
  if (ids.length === 0) return new Map<number, { claims: number; positions: number }>()
  const rows = await db
    .selectFrom('sources')
    .select([
      'id',
      sql<number>`(select count(*) from claims where source_id = sources.id and ${heldAt(instant, 'claims.recorded_at', 'withdrawn_at')})`.as(
        'claims',
      ),
      sql<number>`(select count(*) from (
        select position_id from position_sources where source_id = sources.id
        union select position_id from position_claims join claims on claims.id = claim_id where source_id = sources.id
      ) as resting join positions on positions.id = resting.position_id where positions.recorded_at <= ${instant ?? LAST_INSTANT})`.as(
        'positions',
      ),
    ])
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map(({ id, ...counts }) => [id, counts]))
}

/** Who published the sources, the most frequent first. */
export async function listPublishers(db: Reader, most: number): Promise<string[]> {
  const rows = await db
    .selectFrom('sources')
    .select('publisher')
    .where('publisher', 'is not', null)
    .groupBy('publisher')
    .orderBy(sql`count(*)`, 'desc')
    .orderBy('publisher')
    .limit(most)
    .execute()
  return rows.flatMap(({ publisher }) => publisher ?? [])
}
