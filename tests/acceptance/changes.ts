import type { TestApp } from '../support/test-app.ts'
import { csvOf, type Row } from './ask.ts'
import type { Query } from './command-line.ts'

/** An entry of the history, put together from its rows in the CSV: one for each field that it touched. */
export interface Entry {
  change: number
  recorded_at: string
  actor: string
  kind: string
  agreement: string
  reason: string
  sources: string
  before: Row
  after: Row
}

/** A history as its CSV tells it, oldest first. */
export async function entriesOf(app: TestApp, path: string, query: Query = {}): Promise<Entry[]> {
  const entries = new Map<number, Entry>()
  for (const row of await csvOf(app, path, query)) {
    const { change, recorded_at = '', actor = '', kind = '', agreement = '', reason = '', sources = '' } = row
    const number = Number(change)
    const begun = { change: number, recorded_at, actor, kind, agreement, reason, sources, before: {}, after: {} }
    const entry = entries.get(number) ?? begun
    const { field = '', before = '', after = '' } = row
    Object.assign(entry.before, { [field]: before })
    Object.assign(entry.after, { [field]: after })
    entries.set(number, entry)
  }
  return [...entries.values()].sort((a, b) => a.change - b.change)
}

/** An instant to the minute, as the pages show it: `2025-01-23 10:00`. */
export function minute(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ')
}
