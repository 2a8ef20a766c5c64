import { type Selectable, type SqlBool, sql } from 'kysely'
import { containing } from '../database/engines/search.ts'
import type { Reader } from '../database/schema.ts'
import type { SourcesTable } from '../database/tables/evidence.ts'
import { countsFrom } from '../claims/contested.ts'
import { agreementsAt } from '../standing/at.ts'
import { titleThen } from '../history/queries.ts'
import { supersededBy } from '../positions/superseded.ts'
import type { Moment } from '../standing/moment.ts'
import { firstDay } from '../dates/partial-date.ts'
import { plain } from '../names/name.ts'
import type { SourceFilter } from './filter.ts'
import { type Reliability, searchedText } from './source.ts'

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
    .where('id', 'in', [...new Set(ids)])
    .execute()
  const sources = new Map<number, Source>(rows.map((row) => [row.id, row]))
  if (instant === null) return sources
  const edits = await db
    .selectFrom('changes')
    .select(['subject', 'before'])
    .where(
      'subject',
      'in',
      rows.map(({ id }) => `source:${id}`),
    )
    .where('kind', '=', 'source_edited')
    .where('recorded_at', '>', instant)
    .orderBy('id', 'desc')
    .execute()
  for (const { subject, before } of edits) {
    const source = sources.get(Number(subject.slice('source:'.length)))
    if (source) Object.assign(source, JSON.parse(before ?? '{}'))
  }
  return sources
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
  return sql<SqlBool>`not exists (select 1 from claims where source_id = sources.id and claims.recorded_at <= ${instant ?? '9'})
    and not exists (select 1 from position_sources join positions on positions.id = position_id
      where source_id = sources.id and positions.recorded_at <= ${instant ?? '9'})`
}

async function countResting(db: Reader, ids: readonly number[], instant: string | null) {
  if (ids.length === 0) return new Map<number, { claims: number; positions: number }>()
  const rows = await db
    .selectFrom('sources')
    .select([
      'id',
      sql<number>`(select count(*) from claims where source_id = sources.id and claims.recorded_at <= ${instant ?? '9'} and (withdrawn_at is null or withdrawn_at > ${instant ?? '9'}))`.as(
        'claims',
      ),
      sql<number>`(select count(*) from (
        select position_id from position_sources where source_id = sources.id
        union select position_id from position_claims join claims on claims.id = claim_id where source_id = sources.id
      ) as resting join positions on positions.id = resting.position_id where positions.recorded_at <= ${instant ?? '9'})`.as(
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

/** A source with every claim in it and every position and fact that rests on it; undefined where there is none then. */
export async function findSource(db: Reader, id: number, moment: Moment, today: string) {
  const { instant } = moment
  const source = (await sourcesAt(db, [id], instant)).get(id)
  if (!source || (instant !== null && source.recorded_at > instant)) return undefined
  const claims = await db
    .selectFrom('claims')
    .select([
      'id',
      'asserted_by',
      'stance',
      'status',
      'means',
      'effective_on',
      'said_on',
      'credibility',
      'note',
      'scope',
      'withdrawn_at',
    ])
    .where('source_id', '=', id)
    .where('recorded_at', '<=', instant ?? '9')
    .orderBy('id')
    .execute()
  const about = await db
    .selectFrom('claim_agreements')
    .innerJoin('claims', 'claims.id', 'claim_agreements.claim_id')
    .innerJoin('agreements', 'agreements.id', 'claim_agreements.agreement_id')
    .select(['claim_id', 'reference', titleThen(instant).as('title')])
    .where('source_id', '=', id)
    .orderBy('reference')
    .execute()
  const positions = await db
    .selectFrom('positions')
    .innerJoin('agreements', 'agreements.id', 'positions.agreement_id')
    .select([
      'positions.id',
      'reference',
      titleThen(instant).as('title'),
      'positions.status',
      'positions.means',
      'effective_on',
      supersededBy(instant).as('superseded_at'),
    ])
    .where(
      sql<SqlBool>`positions.id in (select position_id from position_sources where source_id = ${id}
        union select position_id from position_claims join claims on claims.id = claim_id where source_id = ${id})`,
    )
    .where('recorded_at', '<=', instant ?? '9')
    .$if(moment.day !== null, (query) => query.where('effective_day', '<=', moment.day ?? ''))
    .orderBy('positions.id')
    .execute()
  const stood = await db
    .selectFrom(agreementsAt(moment, today))
    .select(['id', 'reference', 'title'])
    .where('id', 'in', (eb) => eb.selectFrom('agreement_sources').select('agreement_id').where('source_id', '=', id))
    .orderBy('reference')
    .execute()
  const isSaid = (claim: (typeof claims)[number]) =>
    moment.day === null || countsFrom({ ...claim, published_on: source.published_on }) <= moment.day
  return {
    source,
    claims: claims.filter(isSaid).map(({ withdrawn_at, ...claim }) => ({
      ...claim,
      withdrawn: withdrawn_at !== null && (instant === null || withdrawn_at <= instant),
      agreements: about.filter(({ claim_id }) => claim_id === claim.id),
    })),
    positions,
    facts: stood,
  }
}
export type FoundSource = NonNullable<Awaited<ReturnType<typeof findSource>>>
