import { sql } from 'kysely'
import type { Reader } from '../database/schema.ts'
import type { AgreementFilter } from './filter.ts'
import { conditions, type ResolvedFilter } from './queries.ts'

export interface FacetCount {
  value: string
  count: number
}

/** How many agreements a filter has, and how many it would have with another status, sector or kind. */
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
    .selectFrom('agreements')
    .select([...FACETS, 'contested', sql<number | bigint>`count(*)`.as('count')])
    .where((eb) => eb.and(conditions(eb, resolved, { facets: false })))
    .groupBy([...FACETS, 'contested'])
    .execute()
  const cells: Cell[] = rows.map((row) => ({ ...row, count: Number(row.count) }))
  const chosen = cells.filter((cell) => FACETS.every((facet) => isChosen(resolved.filter, facet, cell)))
  const sum = (counted: readonly Cell[]) => counted.reduce((total, { count }) => total + count, 0)
  const count = (facet: Facet): FacetCount[] => {
    const others = FACETS.filter((other) => other !== facet)
    const counts = new Map<string, number>()
    for (const cell of cells) {
      const value = cell[facet]
      if (value === null || !others.every((other) => isChosen(resolved.filter, other, cell))) continue
      counts.set(value, (counts.get(value) ?? 0) + cell.count)
    }
    return [...counts]
      .map(([value, counted]) => ({ value, count: counted }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  }
  return {
    total: sum(chosen),
    contested: sum(chosen.filter(({ contested }) => contested === 1)),
    status: count('status'),
    sector: count('sector'),
    kind: count('kind'),
  }
}

function isChosen(filter: AgreementFilter, facet: Facet, cell: Cell): boolean {
  const values: readonly string[] = filter[facet]
  return values.length === 0 || values.includes(cell[facet] ?? '')
}
