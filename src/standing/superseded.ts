import { type RawBuilder, sql } from 'kysely'

/** When a position was corrected, if that was known at an instant (null: now); else null. */
export function supersededBy(instant: string | null): RawBuilder<string | null> {
  return instant === null
    ? sql<string | null>`positions.superseded_at`
    : sql<string | null>`case when positions.superseded_at <= ${instant} then positions.superseded_at end`
}
