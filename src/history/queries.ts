import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { Database } from '../database/database.ts'
import { engineOf, type EngineName } from '../database/engines/engine.ts'
import { jsonField, jsonHas } from '../database/engines/json.ts'
import type { Reader, Schema } from '../database/schema.ts'
import { stoodAt } from '../standing/at.ts'
import type { Moment } from '../standing/moment.ts'
import { type ChangedFields, type ChangeKind } from './change.ts'
import { sentence } from './sentence.ts'

/**
 * Which entries of the history: of one agreement, by whom, of what kind, on which day (UTC); and of a moment: those recorded by
 * then that do not speak of a later day of effect.
 */
export interface ChangeFilter {
  agreementId?: number
  /** Those that made later versions of an agreement than this one. */
  afterVersion?: number
  moment?: Moment
  actor?: number
  kind?: ChangeKind
  day?: string
}

export interface ListedChange {
  id: number
  recorded_at: string
  actor: string
  kind: ChangeKind
  reference: string | null
  agreement_title: string | null
  subject: string
  version: number | null
  before: ChangedFields | null
  after: ChangedFields | null
  reason: string | null
  hash: string
}

function selectChanges(db: Reader, filter: ChangeFilter) {
  return db
    .selectFrom('changes')
    .innerJoin('users', 'users.id', 'changes.actor')
    .leftJoin('agreements', 'agreements.id', 'changes.agreement')
    .select([
      'changes.id',
      'recorded_at',
      'users.name as actor',
      'changes.kind',
      'reference',
      titleThen(filter.moment?.instant ?? null).as('agreement_title'),
      'subject',
      'changes.version',
      'before',
      'after',
      'reason',
      'hash',
    ])
    .where((eb) => conditions(db, eb, filter))
    .orderBy('changes.id', 'desc')
}

/** What an agreement was called, by what was known at an instant (null: now). */
export function titleThen(instant: string | null) {
  return instant === null
    ? sql<string | null>`agreements.title`
    : sql<
        string | null
      >`coalesce((select kept.title from agreement_versions as kept where kept.agreement_id = agreements.id
        and kept.recorded_from <= ${instant} and (kept.recorded_to is null or kept.recorded_to > ${instant})), agreements.title)`
}

function conditions(db: Reader, eb: ExpressionBuilder<Schema, 'changes'>, filter: ChangeFilter): Expression<SqlBool> {
  const all: Expression<SqlBool>[] = []
  if (filter.agreementId !== undefined) all.push(eb('changes.id', 'in', idsAbout(db, filter.agreementId)))
  if (filter.afterVersion !== undefined) all.push(eb('changes.version', '>', filter.afterVersion))
  if (filter.actor !== undefined) all.push(eb('changes.actor', '=', filter.actor))
  if (filter.kind !== undefined) all.push(eb('changes.kind', '=', filter.kind))
  // `U` follows the `T` that parts day and time.
  if (filter.day !== undefined) all.push(eb('recorded_at', '>=', filter.day), eb('recorded_at', '<', `${filter.day}U`))
  const { instant = null, day: asOf = null } = filter.moment ?? {}
  if (instant !== null) all.push(eb('recorded_at', '<=', instant))
  if (asOf !== null && filter.moment) {
    all.push(sql<SqlBool>`coalesce(substr(${dayOfChange(engineOf(db), instant)} || '-01-01', 1, 10), '') <= ${asOf}`)
    // What did not stand yet is not in the register of that day, and neither is what was entered of it. (Of one agreement it is known
    // already that it stood.)
    if (filter.agreementId === undefined)
      all.push(sql<SqlBool>`(changes.agreement is null or changes.agreement in (
        select agreement_id from standings as standing where ${stoodAt(filter.moment, asOf)}))`)
  }
  return eb.and(all)
}

/**
 * The day that an entry speaks of: of a claim the day from which it counts, of a source its publication, of a position its day of
 * effect; null for what has no day, such as an edit.
 */
function dayOfChange(engine: EngineName, instant: string | null) {
  return sql<string | null>`case
    when subject like 'claim:%' then (
      select coalesce(said_on, ${publicationThen(engine, instant)}, effective_on) from claims join sources on sources.id = source_id
      where claims.id = cast(substr(subject, 7) as integer))
    when subject like 'source:%' then (
      select ${publicationThen(engine, instant)} from sources where sources.id = cast(substr(subject, 8) as integer))
    else ${jsonField(engine, 'after', 'effective_on')} end`
}

/** The day on which a source was published, by what was known at an instant: what the first edit after it replaced. */
function publicationThen(engine: EngineName, instant: string | null) {
  if (instant === null) return sql<string | null>`sources.published_on`
  const edited = sql`from changes as edit where edit.subject = 'source:' || sources.id and edit.kind = 'source_edited'
    and edit.recorded_at > ${instant} and ${jsonHas(engine, 'edit.before', 'published_on')} order by edit.id limit 1`
  return sql<string | null>`case when exists (select 1 ${edited})
    then (select ${jsonField(engine, 'edit.before', 'published_on')} ${edited}) else sources.published_on end`
}

/** An agreement's own entries, and those of claims that cover it together with others. */
function idsAbout(db: Reader, agreementId: number) {
  const claims = db
    .selectFrom('claim_agreements')
    .select(sql<string>`'claim:' || claim_id`.as('subject'))
    .where('agreement_id', '=', agreementId)
  return db
    .selectFrom('changes as own')
    .select('own.id')
    .where('own.agreement', '=', agreementId)
    .union(db.selectFrom('changes as shared').select('shared.id').where('shared.subject', 'in', claims))
}

interface StoredChange extends Omit<ListedChange, 'before' | 'after'> {
  before: string | null
  after: string | null
}

function readChange(row: StoredChange): ListedChange {
  const { before, after } = row
  return {
    ...row,
    before: before === null ? null : JSON.parse(before),
    after: after === null ? null : JSON.parse(after),
  }
}

/** A page of the history, newest first, with how many entries there are in all. */
export async function listChanges(
  db: Reader,
  { page, per_page, ...filter }: ChangeFilter & { page: number; per_page: number },
): Promise<{ total: number; rows: ListedChange[] }> {
  const { total } = await db
    .selectFrom('changes')
    .select(sql<number | bigint>`count(*)`.as('total'))
    .where((eb) => conditions(db, eb, filter))
    .executeTakeFirstOrThrow()
  const rows = await selectChanges(db, filter)
    .limit(per_page)
    .offset((page - 1) * per_page)
    .execute()
  return { total: Number(total), rows: rows.map(readChange) }
}

/** One entry about an agreement, or undefined. */
export async function findChange(db: Reader, agreementId: number, id: number): Promise<ListedChange | undefined> {
  const row = await selectChanges(db, { agreementId }).where('changes.id', '=', id).executeTakeFirst()
  return row && readChange(row)
}

/** Every entry about one thing, such as `claim:12`, newest first. */
export async function listChangesOf(db: Reader, subject: string, moment: Moment): Promise<ListedChange[]> {
  const rows = await selectChanges(db, { moment }).where('subject', '=', subject).execute()
  return rows.map(readChange)
}

/** Every entry of a filter, newest first, for an export. */
export async function* streamChanges(db: Database, filter: ChangeFilter): AsyncGenerator<ListedChange[]> {
  for await (const rows of db.stream(selectChanges(db.read, filter).compile())) yield rows.map(readChange)
}

/** The newest entry about something, such as `claim:12`, and what it says; undefined when there is none. */
export async function newestChangeOf(
  db: Reader,
  subject: string,
): Promise<{ id: number; actor: string; sentence: string } | undefined> {
  const row = await db
    .selectFrom('changes')
    .innerJoin('users', 'users.id', 'changes.actor')
    .select(['changes.id', 'users.name as actor', 'kind', 'before', 'after'])
    .where('subject', '=', subject)
    .orderBy('changes.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return undefined
  const { id, actor, kind, before, after } = row
  const told = {
    kind,
    before: before === null ? null : (JSON.parse(before) as ChangedFields),
    after: after === null ? null : (JSON.parse(after) as ChangedFields),
  }
  return { id, actor, sentence: sentence(told) }
}

/** The newest entry of the whole history by a moment: the head of the chain, whose hash vouches for all before it. */
export async function headOfChanges(
  db: Reader,
  instant: string | null,
): Promise<{ id: number; hash: string; recorded_at: string } | undefined> {
  return db
    .selectFrom('changes')
    .select(['id', 'hash', 'recorded_at'])
    .$if(instant !== null, (query) => query.where('recorded_at', '<=', instant ?? ''))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** The number of the newest entry that somebody made; 0 when there is none. */
export async function newestChangeBy(db: Reader, actor: number): Promise<number> {
  const newest = await db
    .selectFrom('changes')
    .select('id')
    .where('actor', '=', actor)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return newest?.id ?? 0
}

/** Everybody who has acted on the register, by name, for the filter of the history. */
export async function listActors(db: Reader): Promise<{ id: number; name: string }[]> {
  const users = await db.selectFrom('users').select(['id', 'name']).orderBy('name').orderBy('id').execute()
  return users
}
