import { type Request, type Response, Router } from 'express'
import { listedRow } from '../agreements/list-page.ts'
import { STATUSES } from '../agreements/status.ts'
import type { AppContext } from '../context.ts'
import { today } from '../dates/clock.ts'
import { shownChange } from '../history/history-page.ts'
import { listChanges } from '../history/queries.ts'
import { statusOverTime } from '../pictures/status-over-time.ts'
import type { SendPage } from '../web/page.ts'
import { countByStatus, longestUnderReview } from './queries.ts'
import { StatusHistory } from './status-history.ts'

const LATEST_CHANGES = 8
const MOST_UNDER_REVIEW = 8

/** `/`: where everything stands, what changed, what waits longest. */
export function overviewRoutes(context: AppContext, page: SendPage): Router {
  const routes = Router()
  const statusHistory = new StatusHistory(context.db)
  routes.get('/', (req, res) => showOverview(context, statusHistory, page, req, res))
  return routes
}

async function showOverview(
  { db, kept, clock }: AppContext,
  statusHistory: StatusHistory,
  page: SendPage,
  req: Request,
  res: Response,
): Promise<void> {
  const day = today(clock)
  const props = await kept.answer(`overview ${day}`, async () => {
    const counts = await countByStatus(db.read)
    const { rows } = await listChanges(db.read, { page: 1, per_page: LATEST_CHANGES })
    return {
      total: [...counts.values()].reduce((sum, count) => sum + count, 0),
      statuses: STATUSES.map((status) => ({ status, count: counts.get(status) ?? 0 })),
      changes: rows.map(shownChange),
      underReview: (await longestUnderReview(db.read, MOST_UNDER_REVIEW)).map(listedRow),
      chart: statusOverTime(await statusHistory.steps(day), day),
    }
  })
  page(req, res, 'overview/index', { title: 'Overview', ...props })
}
