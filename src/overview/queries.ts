import { sql } from 'kysely'
import { LIST_COLUMNS } from '../standing/mention.ts'
import type { Status } from '../words/status.ts'
import type { Reader } from '../database/schema.ts'
import { agreementsAt, standingAt } from '../standing/at.ts'
import type { Moment } from '../time/moment.ts'

/** Agreements under review at a moment, the longest first. */
export async function longestUnderReview(db: Reader, moment: Moment, today: string, most: number) {
  return db
    .selectFrom(agreementsAt(moment, today))
    .select(LIST_COLUMNS)
    .where('status', '=', 'under_review')
    .orderBy('status_since')
    .orderBy('id')
    .limit(most)
    .execute()
}

/** Agreements whose position somebody's standing claim contradicts at a moment, the latest position first. */
export async function listContested(db: Reader, moment: Moment, today: string, most: number) {
  return db
    .selectFrom(agreementsAt(moment, today))
    .select(LIST_COLUMNS)
    .where('contested', '=', 1)
    .orderBy('status_since', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
    .execute()
}

/** How many agreements stand in each status at a moment, and how many of them are contested. */
export async function countByStatus(
  db: Reader,
  moment: Moment,
  today: string,
): Promise<{ statuses: Map<Status, number>; contested: number }> {
  const rows = await db
    .selectFrom(standingAt(moment, today))
    .select([
      'status',
      sql<number | bigint>`count(*)`.as('count'),
      sql<number | bigint>`sum(contested)`.as('contested'),
    ])
    .groupBy('status')
    .execute()
  return {
    statuses: new Map(rows.map(({ status, count }) => [status, Number(count)])),
    contested: rows.reduce((sum, { contested }) => sum + Number(contested), 0),
  }
}
