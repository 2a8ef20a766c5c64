import type { Snapshot } from '../database/database.ts'
import type { Reader, Schema } from '../database/schema.ts'
import { agreementsAt, isStandingColumn, standingByDay } from '../standing/at.ts'
import { isPast } from '../time/moment.ts'
import type { Sort } from './order.ts'
import { asksForMore, conditions, type ResolvedFilter } from './conditions.ts'
import { LIST_COLUMNS, type ListedAgreement } from '../standing/mention.ts'

const SORT_COLUMNS: Record<Sort, keyof Schema['agreements']> = {
  reference: 'reference_sort',
  title: 'title_sort',
  kind: 'kind',
  sector: 'sector',
  status: 'status',
  status_since: 'status_since',
  signed_on: 'signed_on',
  updated_at: 'updated_at',
}

function selectOrdered(db: Reader, resolved: ResolvedFilter, from: 'agreements') {
  const { sort, descending } = resolved.filter
  const direction = descending ? 'desc' : 'asc'
  return db
    .selectFrom(from)
    .where((eb) => eb.and(conditions(eb, resolved)))
    .orderBy(SORT_COLUMNS[sort], (order) => (descending ? order.desc() : order.asc()).nullsLast())
    .orderBy('id', direction)
}

/** What a filter and its order can be answered from: where agreements stood, or (for what is not kept there) all of them. */
function orderedFrom({ filter, moment, today }: ResolvedFilter): 'agreements' {
  return asksForMore(filter) || !isStandingColumn(SORT_COLUMNS[filter.sort])
    ? agreementsAt(moment, today)
    : standingByDay(moment, today)
}

/** One page of the list. The ids are found first, so that a late page skips index entries and not whole rows. */
export async function listAgreements(db: Reader, resolved: ResolvedFilter): Promise<ListedAgreement[]> {
  const { page, per_page } = resolved.filter
  const ids = await selectOrdered(db, resolved, orderedFrom(resolved))
    .select('id')
    .limit(per_page)
    .offset((page - 1) * per_page)
    .execute()
  if (ids.length === 0) return []
  return listedByIds(db, resolved, ids)
}

/** The rows of some agreements, in the order of their ids as given. */
async function listedByIds(
  db: Reader,
  { moment, today }: ResolvedFilter,
  ids: readonly { id: number }[],
): Promise<ListedAgreement[]> {
  const order = ids.map(({ id }) => id)
  const rows = await db.selectFrom(agreementsAt(moment, today)).select(LIST_COLUMNS).where('id', 'in', order).execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return order.flatMap((id) => byId.get(id) ?? [])
}

const LOOKED_UP_TOGETHER = 4_000

/** Every row of a filter, in the page's order, for an export. */
export async function* streamAgreements(
  snapshot: Snapshot,
  resolved: ResolvedFilter,
): AsyncGenerator<ListedAgreement[]> {
  const { read } = snapshot
  const { moment, today } = resolved
  if (!isPast(moment)) {
    yield* snapshot.stream<ListedAgreement>(
      selectOrdered(read, resolved, agreementsAt(moment, today)).select(LIST_COLUMNS).compile(),
    )
    return
  }
  // Sorting ids and looking up their rows is quicker than sorting whole rows of several tables; and the more are looked up
  // together, the more of them stand side by side.
  let ids: { id: number }[] = []
  for await (const chunk of snapshot.stream(
    selectOrdered(read, resolved, orderedFrom(resolved)).select('id').compile(),
  )) {
    ids.push(...chunk)
    if (ids.length < LOOKED_UP_TOGETHER) continue
    yield listedByIds(read, resolved, ids)
    ids = []
  }
  if (ids.length > 0) yield listedByIds(read, resolved, ids)
}
