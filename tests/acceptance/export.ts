import type { TestApp } from '../support/test-app.ts'
import { exported, type Query } from './command-line.ts'

/** What JSON carries beside the columns of the CSV, as far as the questions go. */
export interface Exported {
  reference: string
  positions: {
    status: string
    means: string
    effective_on: string
    reason: string
    decided_by: string
    recorded_at: string
    corrects: number | null
    claims: number[]
  }[]
  claims: {
    id: number
    asserted_by: string
    stance: string
    status: string
    said_on: string | null
    scope: string | null
    settled_because: string | null
    recorded_at: string
    source: { publisher: string | null; published_on: string | null }
  }[]
}

/** Everything that is exported of one agreement. */
export async function exportOf(app: TestApp, reference: string, moment: Query = {}): Promise<Exported> {
  const [found] = await exportsOf(app, { q: reference, ...moment })
  if (!found) throw new Error(`nothing is exported of ${reference}`)
  return found
}

/** Everything that is exported of the agreements of a filter. */
export async function exportsOf(app: TestApp, query: Query): Promise<Exported[]> {
  return JSON.parse(await exported(app, 'json', query)) as Exported[]
}
