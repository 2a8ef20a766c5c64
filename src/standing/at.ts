import { type Expression, type RawBuilder, sql, type SqlBool } from 'kysely'
import { type AgreementsTable, VERSIONED_COLUMNS } from '../database/tables/agreements.ts'
import { heldAt, knownAt } from '../time/known.ts'
import { dayOf, isPast, type Moment } from '../time/moment.ts'
import { STANDING_COLUMNS } from './standing.ts'

/** The columns of the table `agreements` that a standing has too. */
const STOOD_COLUMNS = STANDING_COLUMNS.filter(
  (column) => !['position_id', 'announced', 'day_from', 'day_to'].includes(column),
) as (keyof AgreementsTable)[]

/** What is an agreement's for ever. */
const LASTING_COLUMNS = ['id', 'reference', 'reference_sort', 'created_at'] as const satisfies (keyof AgreementsTable)[]

/** What a version holds of the present row; the rest of it is the agreement's for ever, or its standing's. */
const VERSION_COLUMNS = VERSIONED_COLUMNS.filter((column) => !isStandingColumn(column))

/**
 * The agreements as they stood at a moment, with the columns of the table `agreements`; to select from in its place, so that
 * one filter and one order serve now and then. An agreement that was not recorded yet, or (with `as_of`) did not stand yet,
 * is not among them.
 */
export function agreementsAt(moment: Moment, today: string): 'agreements' {
  if (!isPast(moment)) return 'agreements'
  const standing = columns('standing', STOOD_COLUMNS)
  const { instant } = moment
  const rows =
    instant === null
      ? sql`select ${columns('agreement', LASTING_COLUMNS)}, ${columns('agreement', VERSION_COLUMNS)}, ${standing}
          from agreements as agreement cross join standings as standing
          where standing.agreement_id = agreement.id and ${stoodAt(moment, today)}`
      : sql`select ${columns('agreement', LASTING_COLUMNS)}, ${columns('kept', VERSION_COLUMNS)}, ${standing}
          from standings as standing join agreements as agreement on agreement.id = standing.agreement_id
          join agreement_versions as kept on kept.agreement_id = standing.agreement_id
            and ${heldAt(instant, 'kept.recorded_from', 'kept.recorded_to')}
          where ${stoodAt(moment, today)}`
  return asTable(rows)
}

/**
 * The same agreements with the columns that counting needs (id, status, means, status_since, contested, kind, sector), read
 * from one table.
 */
export function standingAt(moment: Moment, today: string): 'agreements' {
  return isPast(moment) ? asTable(standings(moment, today)) : 'agreements'
}

/**
 * The same for reading them by the day since which they stand, the latest first: what stood on a day had begun, so that as text,
 * too, its day is not behind the one looked at, and an index by that day can begin there.
 */
export function standingByDay(moment: Moment, today: string): 'agreements' {
  if (!isPast(moment)) return 'agreements'
  if (moment.day === null) return standingAt(moment, today)
  return asTable(sql`${standings(moment, today)} and standing.status_since <= ${moment.day}`)
}

function standings(moment: Moment, today: string): RawBuilder<unknown> {
  return sql`select standing.agreement_id as id, ${columns('standing', STOOD_COLUMNS)}
    from standings as standing where ${stoodAt(moment, today)}`
}

/** Whether `standingAt` has a column. */
export function isStandingColumn(column: string): boolean {
  return (STOOD_COLUMNS as readonly string[]).includes(column)
}

/** That a row of `standings`, called `standing`, is the one of a moment. */
export function stoodAt(moment: Moment, today: string, table = 'standing'): RawBuilder<SqlBool> {
  const { day, instant } = moment
  const looked = dayOf(moment, today)
  const ref = (column: string) => sql.ref(`${table}.${column}`)
  // What was announced only did not stand: it is listed when nobody asks for a day.
  const announced = day === null ? sql`` : sql` and ${ref('announced')} = 0`
  return sql<SqlBool>`${knownAt(instant, table)} and ${ref('day_from')} <= ${looked} and ${ref('day_to')} > ${looked}${announced}`
}

/** How many agreements a party or place belonged to at a moment. */
export function countLinked(
  link: 'party' | 'place',
  id: Expression<number>,
  moment: Moment,
  today: string,
): RawBuilder<number> {
  const stood = isPast(moment)
    ? sql` and exists (select 1 from standings as standing where standing.agreement_id = linked.agreement_id and ${stoodAt(moment, today)})`
    : sql``
  return sql<number>`(select count(*) from agreement_links as linked
    where linked.link = ${link} and linked.other_id = ${id} and ${knownAt(moment.instant, 'linked')}${stood})`
}

/** That a party or a place was in its directory by a moment. */
export function enteredBy(what: 'party' | 'place', id: string, { instant }: Moment): RawBuilder<SqlBool> {
  if (instant === null) return sql<SqlBool>`1 = 1`
  return sql<SqlBool>`exists (select 1 from changes where subject = ${sql.lit(`${what}:`)} || ${sql.ref(id)}
    and kind = ${sql.lit(`${what}_added`)} and recorded_at <= ${instant})`
}

function columns(table: string, names: readonly string[]): RawBuilder<unknown> {
  return sql.join(names.map((name) => sql.ref(`${table}.${name}`)))
}

/** Kysely takes an expression where it takes a table's name; the type says whose columns it has. */
function asTable(rows: RawBuilder<unknown>): 'agreements' {
  return sql`(${rows})`.as('agreements') as unknown as 'agreements'
}
