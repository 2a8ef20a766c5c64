import { isPast } from '../time/moment.ts'
import { paging } from '../web/paging.ts'
import { AGREEMENT_KINDS } from '../words/kind.ts'
import { type AgreementFilter, DEFAULT_FILTER, filterQuery } from './filter.ts'
import { PER_PAGE, type Sort } from './order.ts'
import { ofEach } from './parameters.ts'
import type { AgreementCounts, FacetCount } from './counts.ts'
import { type ListedAgreement, listedRow } from '../standing/mention.ts'
import type { ResolvedFilter } from './conditions.ts'
import { MEANS_OF, meansLabel, STATUSES, statusLabel } from '../words/status.ts'

/** The props of `list/index`. */
export function listPage(
  { filter, moment, search }: ResolvedFilter,
  rows: readonly ListedAgreement[],
  counts: AgreementCounts,
) {
  const all: AgreementFilter = { ...filter, page: 1 }
  return {
    title: 'Agreements',
    rows: rows.map(listedRow),
    counts,
    filter,
    isPast: isPast(moment),
    searchedByConsonants: search?.mode === 'keys',
    chips: chips(all, '/agreements'),
    clear: filterQuery(DEFAULT_FILTER),
    csv: `/agreements.csv${filterQuery({ ...all, per_page: DEFAULT_FILTER.per_page })}`,
    json: `/agreements.json${filterQuery({ ...all, per_page: DEFAULT_FILTER.per_page })}`,
    timeline: `/agreements/timeline${filterQuery({ ...all, per_page: DEFAULT_FILTER.per_page })}`,
    recordClaim: claimAbout(all),
    csvForExcel: withParameter(`/agreements.csv${filterQuery({ ...all, per_page: DEFAULT_FILTER.per_page })}`, 'bom=1'),
    facets: {
      status: STATUSES.map((status) => ({
        value: status,
        count: countOf(counts.status, status),
        checked: filter.status.includes(status),
      })),
      sector: withChosen(counts.sector, filter.sector),
      kind: AGREEMENT_KINDS.map((kind) => ({
        value: kind,
        count: countOf(counts.kind, kind),
        checked: filter.kind.includes(kind),
      })).filter(({ count, checked }) => count > 0 || checked),
    },
    means: STATUSES.map((status) => ({
      label: statusLabel(status),
      options: MEANS_OF[status].map((value) => ({ value, label: meansLabel(value) })),
    })),
    perPage: PER_PAGE,
    sortParameter:
      filter.sort === DEFAULT_FILTER.sort && filter.descending ? '' : `${filter.descending ? '-' : ''}${filter.sort}`,
    headings: HEADINGS.map((heading) => ({ ...heading, ...sortLink(all, heading.sort, heading.newestFirst) })),
    paging: paging(
      { total: counts.total, page: filter.page, per_page: filter.per_page },
      (page) => `/agreements${filterQuery({ ...filter, page })}`,
    ),
  }
}

const HEADINGS: { sort: Sort; label: string; column: string; newestFirst?: boolean }[] = [
  { sort: 'title', label: 'Agreement', column: 'agreement' },
  { sort: 'kind', label: 'Kind', column: 'kind' },
  { sort: 'sector', label: 'Sector', column: 'sector' },
  { sort: 'status', label: 'Status', column: 'status' },
  { sort: 'status_since', label: 'Since', column: 'date', newestFirst: true },
  { sort: 'signed_on', label: 'Signed', column: 'date', newestFirst: true },
]

function sortLink(filter: AgreementFilter, sort: Sort, newestFirst = false) {
  const isCurrent = filter.sort === sort
  const descending = isCurrent ? !filter.descending : newestFirst
  return {
    href: `/agreements${filterQuery({ ...filter, sort, descending })}`,
    ariaSort: isCurrent ? (filter.descending ? 'descending' : 'ascending') : 'none',
    arrow: isCurrent ? (filter.descending ? '↓' : '↑') : '',
  }
}

interface Chip {
  label: string
  /** The list without this part of the filter. */
  href: string
}

/** What is filtered, each part with the way to the list at `address` without it. */
export function chips(filter: AgreementFilter, address: string): Chip[] {
  return ofEach(filter, (parameter, value, name) =>
    parameter.chips(value).map(({ label, without }) => ({
      label,
      href: `${address}${filterQuery({ ...filter, [name]: without })}`,
    })),
  ).flat()
}

/** The form that records a claim about all agreements of a filter; without one, about the whole list. */
function claimAbout(filter: AgreementFilter): string {
  const { sort, descending, per_page } = DEFAULT_FILTER
  const query = filterQuery({ ...filter, sort, descending, per_page })
  return `/claims/new${query === '' ? '?agreements=filtered' : query}`
}

function countOf(counts: readonly FacetCount[], value: string): number {
  return counts.find((counted) => counted.value === value)?.count ?? 0
}

function withChosen(counts: readonly FacetCount[], chosen: readonly string[]) {
  const missing = chosen
    .filter((value) => !counts.some((counted) => counted.value === value))
    .map((value) => ({ value, count: 0 }))
  return [...counts, ...missing].map((facet) => ({ ...facet, checked: chosen.includes(facet.value) }))
}

function withParameter(href: string, parameter: string): string {
  return `${href}${href.includes('?') ? '&' : '?'}${parameter}`
}
