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
