import { Router } from 'express'
import type { Database } from '../database/database.ts'
import { badFilter } from '../errors.ts'
import type { Moment } from '../time/moment.ts'
import { sendCsv, takeBom } from '../web/download.ts'
import { paging } from '../web/paging.ts'
import type { On, Visit } from '../web/visit.ts'
import { COMPARISON_CSV_HEADING, comparisonCsv } from './csv.ts'
import { type Comparison, comparisonQuery, parseComparison } from './filter.ts'
import { comparisonPage } from './page.ts'
import { countDifferences, describeDifferences, everyDifference, momentsOf } from './queries.ts'

/** Which agreements stood differently on two days. */
export function compareRoutes(on: On): Router {
  const routes = Router()
  routes.get('/compare', on(showComparison))
  routes.get('/compare.csv', on(downloadComparison))
  return routes
}

/** A comparison has two days of its own: what goes with it is the time of knowledge. */
function readComparison(query: Record<string, unknown>, moment: Moment): Comparison | null {
  const comparison = parseComparison(query)
  if (moment.as_of !== null && comparison !== null)
    throw badFilter({ as_of: 'does not go with two days: from and to say which days are compared. Leave it out' })
  return comparison
}

async function showComparison(visit: Visit): Promise<void> {
  const { moment } = visit
  const { db, answers } = visit.context
  const comparison = readComparison(visit.query, moment)
  if (comparison === null) return visit.page('compare/index', { title: 'Compare two days', comparison, moment })
  const moments = momentsOf(comparison, moment)
  const counts = await answers.remember(`differences ${JSON.stringify(moments)}`, () =>
    countDifferences(db.read, moments),
  )
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const pages = paging(
    { ...comparison, total },
    (number) => `/compare${comparisonQuery({ ...comparison, page: number })}`,
  )
  const props = await answers.remember(`compare ${JSON.stringify({ comparison, moment })}`, async () => {
    const { per_page: limit, page: number } = comparison
    const query = everyDifference(db.read, moments, { limit, offset: (number - 1) * limit })
    const { rows } = await db.read.executeQuery(query)
    return comparisonPage(comparison, counts, await describeDifferences(db.read, rows, moments.after))
  })
  visit.page('compare/index', { ...props, moment, isOfTwoDays: true, paging: pages, total })
}

async function downloadComparison(visit: Visit): Promise<void> {
  const { query, bom } = takeBom(visit.query)
  const { moment } = visit
  const { db, config } = visit.context
  const comparison = readComparison(query, moment)
  if (comparison === null)
    throw badFilter({ from: 'is missing: give the earlier day', to: 'is missing: give the later day' })
  const { from, to } = comparison
  const name = `compare-${from}-to-${to}`
  const chunks = csvChunks(db, momentsOf(comparison, moment), config.baseUrl)
  await sendCsv(visit, { name, moment, heading: COMPARISON_CSV_HEADING, chunks, bom })
}

async function* csvChunks(
  db: Database,
  moments: { before: Moment; after: Moment },
  baseUrl: string,
): AsyncGenerator<string> {
  const snapshot = await db.snapshot()
  try {
    for await (const rows of snapshot.stream(everyDifference(snapshot.read, moments)))
      yield comparisonCsv(await describeDifferences(snapshot.read, rows, moments.after), baseUrl, moments.after)
  } finally {
    await snapshot.close()
  }
}
