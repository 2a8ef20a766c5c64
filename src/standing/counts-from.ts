import { type Expression, type RawBuilder, sql } from 'kysely'
import { type EngineName } from '../database/engines/engine.ts'
import { publishedThen } from './source-then.ts'

/** In SQL: the first day that a partial date can mean; empty, which is before every day, where there is none. */
export function firstDayIn(date: Expression<unknown>): RawBuilder<string> {
  return sql<string>`coalesce(substr(${date} || '-01-01', 1, 10), '')`
}

/**
 * In SQL: the first day on which a row of `claims` counts, beside its row of `sources` as known at an instant. It is `countsFrom` of
 * `contested.ts`; a test holds the two to each other.
 */
export function countsFromIn(engine: EngineName, instant: string | null): RawBuilder<string> {
  return firstDayIn(sql`coalesce(claims.said_on, ${publishedThen(engine, instant)}, claims.effective_on)`)
}
