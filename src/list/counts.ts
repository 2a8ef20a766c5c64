import { sql } from 'kysely'
import type { Reader } from '../database/schema.ts'
import { agreementsAt, standingAt } from '../standing/at.ts'
import type { AgreementFilter } from './filter.ts'
import { asksForMore, conditions, type ResolvedFilter } from './conditions.ts'

export interface FacetCount {
  value: string
  count: number
}

/**
 * How many agreements a filter has, and how many it would have with another status, sector or kind; `contested` is how many of
 * them are contested, whether the filter asks for that or not.
 */
export interface AgreementCounts {
  total: number
  status: FacetCount[]
  sector: FacetCount[]
  kind: FacetCount[]
  contested: number
}

const FACETS = ['status', 'sector', 'kind'] as const
type Facet = (typeof FACETS)[number]

interface Cell extends Record<Facet, string | null> {
  contested: number
  count: number
}

/** Counts in one pass over what the filter leaves: a small cube of status, sector and kind, from which every count follows. */
export async function countAgreements(db: Reader, resolved: ResolvedFilter): Promise<AgreementCounts> {
  const rows = await db
    .selectFrom(countedFrom(resolved))
    .select([...FACETS, 'contested', sql<number | bigint>`count(*)`.as('count')])
    .where((eb) => eb.and(conditions(eb, resolved, { facets: false })))
    .groupBy([...FACETS, 'contested'])
    .execute()
  const cells: Cell[] = rows.map((row) => ({ ...row, count: Number(row.count) }))
  const { filter } = resolved
  const inFacets = cells.filter((cell) => FACETS.every((facet) => isChosen(filter, facet, cell)))
  const sum = (counted: readonly Cell[]) => counted.reduce((total, { count }) => total + count, 0)
  const count = (facet: Facet): FacetCount[] => {
    const others = FACETS.filter((other) => other !== facet)
    const counts = new Map<string, number>()
    for (const cell of cells.filter((one) => isContestedAsAsked(filter, one))) {
      const value = cell[facet]
      if (value === null || !others.every((other) => isChosen(filter, other, cell))) continue
      counts.set(value, (counts.get(value) ?? 0) + cell.count)
    }
    return [...counts]
      .map(([value, counted]) => ({ value, count: counted }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  }
  return {
    total: sum(inFacets.filter((cell) => isContestedAsAsked(filter, cell))),
    contested: sum(inFacets.filter(({ contested }) => contested === 1)),
    status: count('status'),
    sector: count('sector'),
    kind: count('kind'),
  }
}

function isContestedAsAsked({ contested }: AgreementFilter, cell: Cell): boolean {
  return contested === null || cell.contested === (contested === 'yes' ? 1 : 0)
}

/** Counting reads where agreements stood, and the rest of them only if the filter asks about it. */
function countedFrom({ filter, moment, today }: ResolvedFilter) {
  return asksForMore(filter) ? agreementsAt(moment, today) : standingAt(moment, today)
}

function isChosen(filter: AgreementFilter, facet: Facet, cell: Cell): boolean {
  const values: readonly string[] = filter[facet]
  return values.length === 0 || values.includes(cell[facet] ?? '')
}
