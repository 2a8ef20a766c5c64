import { AppError } from '../errors.ts'

/** Where a page stands in a list, and the links to the others. */
export interface Paging {
  total: number
  from: number
  to: number
  previous: string | null
  next: string | null
  /** Null marks a gap. */
  pages: ({ number: number; href: string; current: boolean } | null)[]
}

const AROUND = 1

/**
 * @param href the address of a page
 * @throws AppError `not_found` for a page behind the last.
 */
export function paging(
  { total, page, per_page }: { total: number; page: number; per_page: number },
  href: (page: number) => string,
): Paging {
  const last = Math.max(1, Math.ceil(total / per_page))
  if (page > last)
    throw new AppError(
      'not_found',
      `page: there is no page ${page}; this list has ${last === 1 ? 'one page' : `${last} pages`}.`,
    )
  const shown = [
    ...new Set([1, ...Array.from({ length: 2 * AROUND + 1 }, (_, index) => page - AROUND + index), last]),
  ].filter((number) => number >= 1 && number <= last)
  return {
    total,
    from: total === 0 ? 0 : (page - 1) * per_page + 1,
    to: Math.min(total, page * per_page),
    previous: page > 1 ? href(page - 1) : null,
    next: page < last ? href(page + 1) : null,
    pages: shown.flatMap((number, index) => {
      const link = { number, href: href(number), current: number === page }
      return index > 0 && number - (shown[index - 1] ?? 0) > 1 ? [null, link] : [link]
    }),
  }
}
