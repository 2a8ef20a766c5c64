import { sql } from 'kysely'
import type { Reader } from '../database/schema.ts'
import { LIST_COLUMNS } from '../agreements/queries.ts'
import type { Status } from '../agreements/status.ts'
import type { StatusStep } from '../pictures/status-over-time.ts'

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
    .select(['status', sql<number>`count(*)`.as('count')])
    .groupBy('status')
    .execute()
  return new Map(rows.map(({ status, count }) => [status, Number(count)]))
}

/**
 * How the number of agreements in each status changed, month by month: each position adds one to its status, and takes
 * one from that of the position before it.
 */
export async function statusSteps(db: Reader, today: string): Promise<StatusStep[]> {
  const rows = await sql<StatusStep>`
    with stood as (
      select status, substr(effective_day, 1, 7) as month,
        lag(status) over (partition by agreement_id order by effective_day, id) as status_before
      from positions
      where superseded_at is null and effective_day <= ${today}
    )
    select month, status, sum(change) as change from (
      select month, status, 1 as change from stood
      union all
      select month, status_before, -1 from stood where status_before is not null
    )
    group by month, status
    order by month, status`.execute(db)
  return rows.rows.map(({ month, status, change }) => ({ month, status, change: Number(change) }))
}
