import { csvRows } from '../support/asked.ts'
import type { TestApp } from '../support/test-app.ts'

export const AS_OF = '2025-02-01'
export const KNOWN_AT = '2026-11-23T12:00:00Z'
/** A moment of both times, as an address has it. */
export const THEN = `as_of=${AS_OF}&known_at=${encodeURIComponent(KNOWN_AT)}`

/** The pages of what agreements are made of: one of each kind. */
export const BESIDE = [
  '/parties',
  '/parties/dp-world',
  '/places',
  '/places/tartus-commercial-port',
  '/sources',
  '/sources/1',
  '/claims/1',
]

/** Every page that can be looked at as of a day, one of each kind. */
export const PAGES = [
  '/',
  '/agreements',
  '/agreements/timeline',
  '/agreements/RUS-SYR-2019-1',
  '/agreements/RUS-SYR-2019-1/claims',
  '/agreements/RUS-SYR-2019-1/history',
  '/agreements/RUS-SYR-2019-1/compare',
  '/changes',
  '/compare',
  ...BESIDE,
]
export const EXPORTS = ['/agreements.csv', '/agreements.json', '/changes.csv', '/agreements/RUS-SYR-2019-1/history.csv']

/** The list as its export has it. */
export const listRows = (app: TestApp, query: string) => csvRows(app, `/agreements.csv?${query}`)
