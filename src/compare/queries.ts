import { type CompiledQuery, type RawBuilder, sql } from 'kysely'
import { LIST_COLUMNS, type ListedAgreement } from '../standing/mention.ts'
import { listClaims } from '../claims/queries.ts'
import { type Means, type Status, STATUSES } from '../words/status.ts'
import type { Reader } from '../database/schema.ts'
import { firstDay, type PartialDate } from '../time/partial-date.ts'
import { type ListedPosition, listPositions } from '../positions/queries.ts'
import { agreementsAt, stoodAt } from '../standing/at.ts'
import type { Moment } from '../time/moment.ts'
import type { Comparison } from './filter.ts'
import { HAPPENED, type Happened, whatHappened } from './happened.ts'

/** An agreement that stood differently on two days; `before` columns are null where it did not stand yet. */
export interface DifferentStanding {
  id: number
  status_before: Status | null
  means_before: Means | null
  since_before: PartialDate | null
  status_after: Status
  means_after: Means | null
  since_after: PartialDate
}

/** The two moments of a comparison: both days by what was known at one instant. */
export function momentsOf({ from, to }: Comparison, known: Moment): { before: Moment; after: Moment } {
  const on = (date: PartialDate): Moment => ({ ...known, as_of: date, day: firstDay(date) })
  return { before: on(from), after: on(to) }
}

/** Standings on the second day that were not there on the first, beside those of the first. */
function differing({ before, after }: { before: Moment; after: Moment }): RawBuilder<unknown> {
  return sql`from standings as later left join standings as earlier
    on earlier.agreement_id = later.agreement_id and ${stoodAt(before, '', 'earlier')}
    where ${stoodAt(after, '', 'later')} and later.day_from > ${before.day}
    and (earlier.id is null or earlier.status <> later.status or earlier.means is distinct from later.means)`
}

/** How many agreements stood differently, by what happened to them. */
export async function countDifferences(
  db: Reader,
  moments: { before: Moment; after: Moment },
): Promise<Map<Happened, number>> {
  const { rows } = await sql<{ earlier: Status | null; later: Status; count: number | bigint }>`
    select earlier.status as earlier, later.status as later, count(*) as count ${differing(moments)} group by 1, 2`.execute(
    db,
  )
  const counts = new Map<Happened, number>(HAPPENED.map((happened) => [happened, 0]))
  for (const { earlier, later, count } of rows) {
    const happened = whatHappened(earlier, later)
    counts.set(happened, (counts.get(happened) ?? 0) + Number(count))
  }
  return counts
}

/** Every agreement that stood differently, in the order of what happened to it, then of its day. */
export function everyDifference(
  db: Reader,
  moments: { before: Moment; after: Moment },
  page?: { limit: number; offset: number },
): CompiledQuery<DifferentStanding> {
  const limit = page === undefined ? sql`` : sql` limit ${page.limit} offset ${page.offset}`
  return sql<DifferentStanding>`
    select later.agreement_id as id, earlier.status as status_before, earlier.means as means_before,
      earlier.status_since as since_before, later.status as status_after, later.means as means_after,
      later.status_since as since_after
    ${differing(moments)} order by ${orderOfHappened()}, later.status_since, later.agreement_id${limit}`.compile(db)
}

/** The place of what happened among `HAPPENED`, by the two statuses. */
function orderOfHappened(): RawBuilder<number> {
  const cases = STATUSES.flatMap((earlier) =>
    STATUSES.map((later) => {
      const place = HAPPENED.indexOf(whatHappened(earlier, later))
      return sql`when earlier.status = ${sql.lit(earlier)} and later.status = ${sql.lit(later)} then ${sql.lit(place)}`
    }),
  )
  return sql<number>`case when earlier.status is null then ${sql.lit(HAPPENED.indexOf('entered'))} ${sql.join(cases, sql` `)} end`
}

/** What a comparison tells of one agreement. */
export interface Difference extends DifferentStanding {
  happened: Happened
  agreement: ListedAgreement
  reason: string | null
  /** What the position on the second day rests on; where that is nothing, who says the same. */
  evidence: Pick<ListedPosition['evidence'][number], 'asserted_by' | 'title' | 'publisher' | 'url' | 'withdrawn'>[]
}

/** Adds to standings what the agreements are called and on what their positions rest, by what was known. */
export async function describeDifferences(
  db: Reader,
  rows: readonly DifferentStanding[],
  after: Moment,
): Promise<Difference[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const agreements = await db.selectFrom(agreementsAt(after, '')).select(LIST_COLUMNS).where('id', 'in', ids).execute()
  const positions = await listPositions(db, ids, after, 'hidden')
  const claims = await listClaims(db, ids, after, 'hidden')
  return rows.flatMap((row) => {
    const agreement = agreements.find(({ id }) => id === row.id)
    const position = positions.findLast(({ agreement_id }) => agreement_id === row.id)
    const own = claims.filter(
      ({ agreement_id, stance, status }) =>
        agreement_id === row.id && stance === 'asserts' && status === row.status_after,
    )
    if (!agreement) return []
    const rested = position?.evidence ?? []
    const evidence =
      rested.length > 0 ? rested : own.map((claim) => ({ ...claim, title: claim.source_title, withdrawn: 0 }))
    const happened = whatHappened(row.status_before, row.status_after)
    return [{ ...row, happened, agreement, reason: position?.reason ?? null, evidence }]
  })
}
