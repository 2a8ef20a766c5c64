import { type SqlBool, sql } from 'kysely'
import type { Reader, SourcesTable } from '../database/schema.ts'
import { supersededBy } from '../positions/superseded.ts'
import type { Moment } from '../standing/moment.ts'
import type { SourceFilter } from './filter.ts'

type Source = { id: number } & Omit<SourcesTable, 'id'>

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

/** A page of the sources, the newest first, with what rests on each. */
export async function listSources(db: Reader, filter: SourceFilter, { instant }: Moment) {
  const conditions = () => {
    const all = [sql<SqlBool>`recorded_at <= ${instant ?? '9'}`]
    if (filter.q !== null) {
      const like = `%${filter.q.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`
      all.push(
        sql<SqlBool>`(title like ${like} escape '\\' or publisher like ${like} escape '\\' or url like ${like} escape '\\')`,
      )
    }
    if (filter.reliability === 'none') all.push(sql<SqlBool>`reliability is null`)
    else if (filter.reliability !== null) all.push(sql<SqlBool>`reliability = ${filter.reliability}`)
    if (filter.publisher !== null) all.push(sql<SqlBool>`publisher = ${filter.publisher}`)
    if (filter.rests === 'nothing')
      all.push(
        sql<SqlBool>`not exists (select 1 from claims where source_id = sources.id) and not exists (select 1 from position_sources where source_id = sources.id)`,
      )
    return sql<SqlBool>`${sql.join(all, sql` and `)}`
  }
  const { total } = await db
    .selectFrom('sources')
    .select(sql<number | bigint>`count(*)`.as('total'))
    .where(conditions())
    .executeTakeFirstOrThrow()
  const rows = await db
    .selectFrom('sources')
    .selectAll()
    .select([
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
    .where(conditions())
    .orderBy('published_on', (order) => order.desc().nullsLast())
    .orderBy('id', 'desc')
    .limit(filter.per_page)
    .offset((filter.page - 1) * filter.per_page)
    .execute()
  const known = await sourcesAt(
    db,
    rows.map(({ id }) => id),
    instant,
  )
  return { total: Number(total), rows: rows.map((row) => ({ ...row, ...known.get(row.id) })) }
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
export async function findSource(db: Reader, id: number, moment: Moment) {
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
    .select(['claim_id', 'reference', 'title'])
    .where('source_id', '=', id)
    .orderBy('reference')
    .execute()
  const positions = await db
    .selectFrom('positions')
    .innerJoin('agreements', 'agreements.id', 'positions.agreement_id')
    .select([
      'positions.id',
      'reference',
      'title',
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
    .orderBy('positions.id')
    .execute()
  const facts = await db
    .selectFrom('agreement_sources')
    .innerJoin('agreements', 'agreements.id', 'agreement_sources.agreement_id')
    .select(['reference', 'title'])
    .where('source_id', '=', id)
    .orderBy('reference')
    .execute()
  return {
    source,
    claims: claims.map(({ withdrawn_at, ...claim }) => ({
      ...claim,
      withdrawn: withdrawn_at !== null && (instant === null || withdrawn_at <= instant),
      agreements: about.filter(({ claim_id }) => claim_id === claim.id),
    })),
    positions,
    facts,
  }
}
export type FoundSource = NonNullable<Awaited<ReturnType<typeof findSource>>>
