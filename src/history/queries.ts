import { sql } from 'kysely'
import { titleThen } from '../standing/title.ts'
import type { Database } from '../database/database.ts'
import type { Reader } from '../database/schema.ts'
import type { Moment } from '../time/moment.ts'
import { ACCOUNT_CHANGE_KINDS, type ChangeKind } from '../words/change-kind.ts'
import type { ChangedFields, ListedChange } from './change.ts'
import type { Names } from '../words/person.ts'
import { actorName } from './actor.ts'
import { type ChangeFilter, conditions } from './conditions.ts'
import { sentence } from './sentence.ts'
import { readTold } from './told.ts'

function selectChanges(db: Reader, filter: ChangeFilter) {
  return columnsOfChanges(db, filter)
    .where((eb) => conditions(db, eb, filter))
    .orderBy('changes.id', 'desc')
}

function columnsOfChanges(db: Reader, { moment, names }: Pick<ChangeFilter, 'moment' | 'names'>) {
  return db
    .selectFrom('changes')
    .innerJoin('users', 'users.id', 'changes.actor')
    .leftJoin('agreements', 'agreements.id', 'changes.agreement')
    .select([
      'changes.id',
      'recorded_at',
      actorName(names).as('actor'),
      'changes.kind',
      'reference',
      titleThen(moment?.instant ?? null).as('agreement_title'),
      'subject',
      'changes.version',
      'before',
      'after',
      'reason',
      'hash',
    ])
}

interface StoredFields {
  before: string | null
  after: string | null
}

/** An entry with its fields as data, whenever it was recorded. */
function readChange<Row extends StoredFields & { kind: ChangeKind }>(
  row: Row,
): Omit<Row, keyof StoredFields> & ChangedBetween {
  const { kind, before, after } = row
  return { ...row, before: readTold(kind, before), after: readTold(kind, after) }
}

interface ChangedBetween {
  before: ChangedFields | null
  after: ChangedFields | null
}

/** A page of the history, newest first. The ids are found first, so that a late page skips no whole rows. */
export async function listChanges(
  db: Reader,
  { page, per_page, ...filter }: ChangeFilter & { page: number; per_page: number },
): Promise<ListedChange[]> {
  const ids = await db
    .selectFrom('changes')
    .select('changes.id')
    .where((eb) => conditions(db, eb, filter))
    .orderBy('changes.id', 'desc')
    .limit(per_page)
    .offset((page - 1) * per_page)
    .execute()
  if (ids.length === 0) return []
  const rows = await columnsOfChanges(db, filter)
    .where(
      'changes.id',
      'in',
      ids.map(({ id }) => id),
    )
    .orderBy('changes.id', 'desc')
    .execute()
  return rows.map(readChange)
}

/** How many entries a filter has. Those about accounts are few: they are counted by themselves, and all others not one by one. */
export async function countChanges(db: Reader, filter: ChangeFilter): Promise<number> {
  const count = async (kinds: readonly ChangeKind[] | null) => {
    const { total } = await db
      .selectFrom('changes')
      .select(sql<number | bigint>`count(*)`.as('total'))
      .where((eb) => conditions(db, eb, { ...filter, names: 'shown' }))
      .$if(kinds !== null, (query) => query.where('changes.kind', 'in', kinds ?? []))
      .executeTakeFirstOrThrow()
    return Number(total)
  }
  return (await count(null)) - (filter.names === 'hidden' ? await count(ACCOUNT_CHANGE_KINDS) : 0)
}

/** One entry about an agreement, as those see it who may take it back; or undefined. */
export async function findChange(db: Reader, agreementId: number, id: number): Promise<ListedChange | undefined> {
  const row = await selectChanges(db, { agreementId, names: 'shown' }).where('changes.id', '=', id).executeTakeFirst()
  return row && readChange(row)
}

/** Every entry about one thing, such as `claim:12`, newest first. */
export async function listChangesOf(
  db: Reader,
  subject: string,
  { moment, names }: { moment: Moment; names: Names },
): Promise<ListedChange[]> {
  const rows = await selectChanges(db, { moment, names }).where('subject', '=', subject).execute()
  return rows.map(readChange)
}

/** Every entry of a filter, newest first, for an export. */
export async function* streamChanges(db: Database, filter: ChangeFilter): AsyncGenerator<ListedChange[]> {
  for await (const rows of db.stream(selectChanges(db.read, filter).compile())) yield rows.map(readChange)
}

/** The newest entry about something, such as `claim:12`, as those see it who may change that; undefined when there is none. */
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
  return row && { id: row.id, actor: row.actor, sentence: sentence(readChange(row)) }
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
  return db
    .selectFrom('users')
    .select(['id', 'name'])
    .where((eb) => eb.exists(eb.selectFrom('changes').select('changes.id').whereRef('changes.actor', '=', 'users.id')))
    .orderBy('name')
    .orderBy('id')
    .execute()
}

/** Whether an account has acted on the register. */
export async function hasActed(db: Reader, actor: number): Promise<boolean> {
  return (await newestChangeBy(db, actor)) > 0
}
