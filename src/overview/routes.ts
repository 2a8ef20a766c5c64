import { Router } from 'express'
import { listedRow } from '../standing/mention.ts'
import { STATUSES } from '../words/status.ts'
import type { AppContext } from '../context.ts'
import { shownChange } from '../history/page.ts'
import { listChanges } from '../history/queries.ts'
import { statusOverTime, statusSwatch, statusTable } from '../pictures/levels/status-over-time.ts'
import { dayOf, isPast, type Moment } from '../time/moment.ts'
import { onlyMoment } from '../web/moment.ts'
import type { On, Visit } from '../web/visit.ts'
import type { Names } from '../words/person.ts'
import { countByStatus, listContested, longestUnderReview } from './queries.ts'
import { StatusHistory, stepsKnownAt } from './status-history.ts'

const LATEST_CHANGES = 8
const MOST_UNDER_REVIEW = 8
const MOST_CONTESTED = 8

/** `/`: where everything stands, what changed, what is contested, what waits longest. */
export function overviewRoutes({ db }: AppContext, on: On): Router {
  const routes = Router()
  const statusHistory = new StatusHistory(db)
  const show = on((visit) => showOverview(visit, statusHistory))
  routes.get('/', show)
  return routes
}

async function showOverview(visit: Visit, statusHistory: StatusHistory): Promise<void> {
  const moment = onlyMoment(visit)
  const { context, today, names } = visit
  const props = await visit.remember(`overview ${today} ${JSON.stringify(moment)}`, () =>
    overviewProps(context, statusHistory, { moment, today, names }),
  )
  visit.page('overview/index', { title: 'Overview', ...props, moment, isPast: isPast(moment) })
}

async function overviewProps(
  { db }: AppContext,
  statusHistory: StatusHistory,
  { moment, today: day, names }: { moment: Moment; today: string; names: Names },
) {
  const { statuses, contested } = await countByStatus(db.read, moment, day)
  const rows = await listChanges(db.read, { moment, names, page: 1, per_page: LATEST_CHANGES })
  const until = dayOf(moment, day)
  const steps =
    moment.instant === null ? await statusHistory.steps(until) : await stepsKnownAt(db, moment.instant, until)
  return {
    total: [...statuses.values()].reduce((sum, count) => sum + count, 0),
    statuses: STATUSES.map((status) => ({ status, count: statuses.get(status) ?? 0 })),
    contestedCount: contested,
    contested: (await listContested(db.read, moment, day, MOST_CONTESTED)).map(listedRow),
    changes: rows.map(shownChange),
    underReview: (await longestUnderReview(db.read, moment, day, MOST_UNDER_REVIEW)).map(listedRow),
    chart: statusOverTime(steps, until),
    chartTable: statusTable(steps, until),
    swatches: Object.fromEntries(STATUSES.map((status) => [status, statusSwatch(status)])),
  }
}
