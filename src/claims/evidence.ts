import type { ListedPosition } from '../positions/queries.ts'
import { sourceLabel } from '../sources/source.ts'
import { gradeOf } from './claim.ts'
import { contradicts } from './contested.ts'
import { type EvidenceFilter, passes } from './evidence-filter.ts'
import type { ListedClaim } from './queries.ts'

/** Where the register stands on the day that is looked at. */
export type Held = Parameters<typeof contradicts>[1] & { day: string }

/** A claim as every page shows it. */
export function shownClaim(claim: ListedClaim, { day, ...held }: Held) {
  const against = claim.counts_from <= day && contradicts(claim, held)
  return {
    ...claim,
    said: claim.said_on ?? claim.published_on,
    grade: gradeOf(claim),
    sourceLabel: sourceLabel({ ...claim, title: claim.source_title }),
    /** It contradicts where the register stands, and nobody has settled it. */
    against: against && claim.settled_at === null,
    settled: against && claim.settled_at !== null,
  }
}
export type ShownClaim = ReturnType<typeof shownClaim>

/** One statement: the claim that made it, and those that repeat it. */
export interface Statement {
  claim: ShownClaim
  copies: ShownClaim[]
}

type EvidenceRow =
  { kind: 'statement'; day: string; statement: Statement } | { kind: 'position'; day: string; position: ListedPosition }

/** Claims put together by the statement that they repeat, in the order of the first of each. */
export function statementsOf(claims: readonly ShownClaim[]): Statement[] {
  const groups = new Map<number, ShownClaim[]>()
  for (const claim of claims) groups.set(claim.statement_id, [...(groups.get(claim.statement_id) ?? []), claim])
  return [...groups].flatMap(([statement, group]) => {
    const claim = group.find(({ id }) => id === statement) ?? group[0]
    return claim ? [{ claim, copies: group.filter((one) => one !== claim) }] : []
  })
}

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
