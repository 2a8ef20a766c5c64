import { formatPartialDate } from '../time/partial-date.ts'
import { type Comparison, comparisonQuery } from './filter.ts'
import { HAPPENED, type Happened, happenedLabel } from './happened.ts'
import type { Difference } from './queries.ts'

/** The props of `compare/index` for two days: what happened between them, one group after the other. */
export function comparisonPage(
  comparison: Comparison,
  counts: ReadonlyMap<Happened, number>,
  rows: readonly Difference[],
) {
  return {
    title: `From ${formatPartialDate(comparison.from)} to ${formatPartialDate(comparison.to)}`,
    comparison,
    csv: `/compare.csv${comparisonQuery({ ...comparison, page: 1 })}`,
    counts: HAPPENED.map((happened) => ({
      happened,
      label: happenedLabel(happened),
      count: counts.get(happened) ?? 0,
    })).filter(({ count }) => count > 0),
    groups: HAPPENED.map((happened) => ({
      happened,
      label: happenedLabel(happened),
      count: counts.get(happened) ?? 0,
      rows: rows.filter((row) => row.happened === happened),
    })).filter((group) => group.rows.length > 0),
  }
}
