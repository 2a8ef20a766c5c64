/** The columns that a list can be sorted by. */
export const SORTS = [
  'reference',
  'title',
  'kind',
  'sector',
  'status',
  'status_since',
  'signed_on',
  'updated_at',
] as const
export type Sort = (typeof SORTS)[number]

/** How many rows a page of the list may have. */
export const PER_PAGE = [25, 50, 100, 200] as const

/** In which order, and which page of it: what the address of a list says beside its filters. */
export interface Order {
  sort: Sort
  descending: boolean
  page: number
  per_page: number
}

export const DEFAULT_ORDER: Order = { sort: 'status_since', descending: true, page: 1, per_page: 50 }

/** A column to sort by, with `-` in front for descending; undefined for what is none. */
export function readSort(text: string): Pick<Order, 'sort' | 'descending'> | undefined {
  const descending = text.startsWith('-')
  const sort = SORTS.find((column) => column === text.slice(descending ? 1 : 0))
  return sort && { sort, descending }
}

/** The parameters that say an order, without what is the default. */
export function orderParameters({ sort, descending, page, per_page }: Order): [name: string, value: string][] {
  const all: [string, string][] = [
    ['sort', `${descending ? '-' : ''}${sort}`],
    ['page', String(page)],
    ['per_page', String(per_page)],
  ]
  const isDefault: Record<string, boolean> = {
    sort: sort === DEFAULT_ORDER.sort && descending === DEFAULT_ORDER.descending,
    page: page === DEFAULT_ORDER.page,
    per_page: per_page === DEFAULT_ORDER.per_page,
  }
  return all.filter(([name]) => !isDefault[name])
}
