import type { ListedPosition } from '../positions/queries.ts'
import { type EvidenceFilter, passes } from './evidence-filter.ts'
import type { ListedClaim } from '../claims/queries.ts'
import { type Held, shownClaim, type ShownClaim, type Statement, statementsOf } from '../claims/shown-claim.ts'

type EvidenceRow =
  { kind: 'statement'; day: string; statement: Statement } | { kind: 'position'; day: string; position: ListedPosition }

/**
 * The evidence in time order: what was said for and against each status, with the register's own positions between, each at its
 * day of effect; of what belongs to one day, the claims come first.
 */
function evidenceRows(
  claims: readonly ShownClaim[],
  positions: readonly ListedPosition[],
  filter: EvidenceFilter,
): EvidenceRow[] {
  const statements = statementsOf(claims.filter((claim) => passes(filter, claim)))
  const rows: EvidenceRow[] = [
    ...statements.map((statement) => ({ kind: 'statement' as const, day: statement.claim.counts_from, statement })),
    ...positions.map((position) => ({ kind: 'position' as const, day: position.effective_day, position })),
  ]
  return rows.sort((a, b) =>
    a.day < b.day ? -1 : a.day > b.day ? 1 : Number(a.kind === 'position') - Number(b.kind === 'position'),
  )
}

/** The evidence as a table shows it: its rows, and how much there is. */
export function evidenceTable(
  claims: readonly ListedClaim[],
  positions: readonly ListedPosition[],
  held: Held,
  filter: EvidenceFilter,
) {
  const shown = claims.map((claim) => shownClaim(claim, held))
  return {
    rows: evidenceRows(shown, positions, filter),
    filter,
    claimCount: claims.length,
    statementCount: statementsOf(shown).length,
    againstCount: statementsOf(shown.filter(({ against }) => against)).length,
  }
}
