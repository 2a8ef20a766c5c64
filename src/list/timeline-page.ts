import type { Lane } from '../pictures/lanes/lane.ts'
import type { SvgText } from '../pictures/svg.ts'
import type { ListedPosition } from '../positions/queries.ts'
import type { AgreementCounts } from './counts.ts'
import { DEFAULT_FILTER, filterQuery } from './filter.ts'
import { chips } from './page.ts'
import type { ListedAgreement } from '../standing/mention.ts'
import type { ResolvedFilter } from './conditions.ts'

/** More lanes than this are no picture any more. */
export const MOST_LANES = 60

/** The props of `list/timeline`: the list's agreements, one a lane, in the list's order. */
export function timelinePage(
  { filter }: ResolvedFilter,
  rows: readonly ListedAgreement[],
  positions: readonly ListedPosition[],
  counts: AgreementCounts,
  draw: (lanes: readonly Lane[]) => SvgText | null,
) {
  const lanes = rows.map((row) => ({
    reference: row.reference,
    title: row.title,
    href: `/agreements/${row.reference}`,
    contested: row.contested === 1,
    positions: positions.filter(({ agreement_id }) => agreement_id === row.id),
  }))
  const listed = { ...filter, page: 1, per_page: DEFAULT_FILTER.per_page }
  return {
    title: 'Timeline',
    lanes,
    total: counts.total,
    picture: draw(lanes),
    list: `/agreements${filterQuery(listed)}`,
    chips: chips(listed, '/agreements/timeline'),
  }
}
