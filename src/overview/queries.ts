import { sql } from 'kysely'
import type { Reader } from '../database/schema.ts'
import { LIST_COLUMNS } from '../agreements/queries.ts'
import type { Status } from '../agreements/status.ts'

/** Agreements under review, the longest first. */
export async function longestUnderReview(db: Reader, most: number) {
  return db
    .selectFrom('agreements')
    .select(LIST_COLUMNS)
    .where('status', '=', 'under_review')
    .orderBy('status_since')
    .orderBy('id')
    .limit(most)
    .execute()
}

export async function countByStatus(db: Reader): Promise<Map<Status, number>> {
  const rows = await db
    .selectFrom('agreements')
    .select(['status', sql<number | bigint>`count(*)`.as('count')])
    .groupBy('status')
    .execute()
  return new Map(rows.map(({ status, count }) => [status, Number(count)]))
}
