import { type Request, type Response, Router } from 'express'
import type { AppContext } from '../context.ts'
import type { Database } from '../database/database.ts'
import { badFilter } from '../errors.ts'
import { sendCsv, takeBom } from '../web/download.ts'
import { takeMoment } from '../web/moment.ts'
import type { SendPage } from '../web/page.ts'
import { paging } from '../web/paging.ts'
import { COMPARISON_CSV_HEADING, comparisonCsv } from './csv.ts'
import { type Comparison, comparisonQuery, parseComparison } from './filter.ts'
import { comparisonPage } from './page.ts'
import { countDifferences, describeDifferences, everyDifference, momentsOf } from './queries.ts'
import type { Moment } from '../time/moment.ts'

/** Which agreements stood differently on two days. */
export function compareRoutes(context: AppContext, page: SendPage): Router {
  const routes = Router()
  routes.get('/compare', (req, res) => showComparison(context, page, req, res))
  routes.get('/compare.csv', (req, res) => downloadComparison(context, req, res))
  return routes
}

/** A comparison has two days of its own: what goes with it is the time of knowledge. */
function takeComparison(
  query: Record<string, unknown>,
  clock: AppContext['clock'],
): { comparison: Comparison | null; moment: Moment } {
  const { moment, query: rest } = takeMoment(query, clock)
  const comparison = parseComparison(rest)
  if (moment.as_of !== null && comparison !== null)
    throw badFilter({ as_of: 'does not go with two days: from and to say which days are compared. Leave it out' })
  return { comparison, moment }
}

async function showComparison(
  { db, kept, clock }: AppContext,
  page: SendPage,
  req: Request,
  res: Response,
): Promise<void> {
  const { comparison, moment } = takeComparison(req.query, clock)
  if (comparison === null) return page(req, res, 'compare/index', { title: 'Compare two days', comparison, moment })
  const moments = momentsOf(comparison, moment)
  const counts = await kept.answer(`differences ${JSON.stringify(moments)}`, () => countDifferences(db.read, moments))
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const pages = paging(
    { ...comparison, total },
    (number) => `/compare${comparisonQuery({ ...comparison, page: number })}`,
  )
  const props = await kept.answer(`compare ${JSON.stringify({ comparison, moment })}`, async () => {
    const { per_page: limit, page: number } = comparison
    const query = everyDifference(db.read, moments, { limit, offset: (number - 1) * limit })
    const { rows } = await db.read.executeQuery(query)
    return comparisonPage(comparison, counts, await describeDifferences(db.read, rows, moments.after))
  })
  page(req, res, 'compare/index', { ...props, moment, isOfTwoDays: true, paging: pages, total })
}

async function downloadComparison({ db, clock, config }: AppContext, req: Request, res: Response): Promise<void> {
  const { query, bom } = takeBom(req.query)
  const { comparison, moment } = takeComparison(query, clock)
  if (comparison === null)
    throw badFilter({ from: 'is missing: give the earlier day', to: 'is missing: give the later day' })
  const { from, to } = comparison
  const name = `compare-${from}-to-${to}`
  const chunks = csvChunks(db, momentsOf(comparison, moment), config.baseUrl)
  await sendCsv(res, clock, { name, moment, heading: COMPARISON_CSV_HEADING, chunks, bom })
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
