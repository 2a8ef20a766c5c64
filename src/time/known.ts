import { type RawBuilder, sql, type SqlBool } from 'kysely'
import { LAST_INSTANT } from './moment.ts'

/**
 * That a row's span of knowledge holds an instant; null is now, when the spans without an end count. Both are ranges, so that
 * now and then are planned alike.
 */
export function knownAt(instant: string | null, table: string): RawBuilder<SqlBool> {
  const [from, to] = [sql.ref(`${table}.known_from`), sql.ref(`${table}.known_to`)]
  return instant === null
    ? sql<SqlBool>`${to} >= ${sql.lit(LAST_INSTANT)}`
    : sql<SqlBool>`${from} <= ${instant} and ${to} > ${instant}`
}

/**
 * The same for a span whose end is null while it lasts: of a version, a claim until it is withdrawn, a settlement until it is
 * reopened.
 */
export function heldAt(instant: string | null, from: string, to: string): RawBuilder<SqlBool> {
  const [begun, ended] = [sql.ref(from), sql.ref(to)]
  return instant === null
    ? sql<SqlBool>`${ended} is null`
    : sql<SqlBool>`${begun} <= ${instant} and (${ended} is null or ${ended} > ${instant})`
}
