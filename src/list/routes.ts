import { Router } from 'express'
import { swimLanes } from '../pictures/lanes/swim-lanes.ts'
import { listPositions } from '../positions/queries.ts'
import { dayOf } from '../time/moment.ts'
import { sendCsv, sendJson, takeBom } from '../web/download.ts'
import type { On, Visit } from '../web/visit.ts'
import { countAgreements } from './counts.ts'
import { AGREEMENT_CSV_HEADING } from './csv.ts'
import { everyAgreementAsCsv } from './csv-stream.ts'
import { type AgreementFilter, parseFilter } from './filter.ts'
import { agreementsJson } from './json.ts'
import { listPage } from './page.ts'
import { listAgreements } from './queries.ts'
import { type ResolvedFilter, resolveFilter } from './conditions.ts'
import { MOST_LANES, timelinePage } from './timeline-page.ts'

/** One filter at one moment, in several forms: page, CSV, JSON, picture. */
export function agreementListRoutes(on: On): Router {
  const routes = Router()
  routes.get('/agreements', on(showList))
  routes.get('/agreements.csv', on(downloadCsv))
  routes.get('/agreements.json', on(downloadJson))
  routes.get('/agreements/timeline', on(showTimeline))
  return routes
}

async function showList(visit: Visit): Promise<void> {
  const { moment } = visit
  const { db, answers } = visit.context
  const filter = parseFilter(visit.query)
  const { resolved, counts } = await count(visit, filter)
  const props = await answers.remember(`list ${resolved.today} ${JSON.stringify({ filter, moment })}`, async () =>
    listPage(resolved, await listAgreements(db.read, resolved), counts),
  )
  visit.page('list/index', { ...props, moment })
}

async function downloadCsv(visit: Visit): Promise<void> {
  const { query, bom } = takeBom(visit.query)
  const { moment, today } = visit
  const { db, config } = visit.context
  const resolved = await resolveFilter(db.read, parseFilter(query), moment, today)
  const chunks = everyAgreementAsCsv(db, resolved, config.baseUrl)
  await sendCsv(visit, { name: 'agreements', moment, heading: AGREEMENT_CSV_HEADING, chunks, bom })
}

async function downloadJson(visit: Visit): Promise<void> {
  const { moment, today, names } = visit
  const { db, config } = visit.context
  const resolved = await resolveFilter(db.read, parseFilter(visit.query), moment, today)
  const chunks = agreementsJson(db, resolved, { baseUrl: config.baseUrl, names })
  await sendJson(visit, { name: 'agreements', moment, chunks })
}

async function showTimeline(visit: Visit): Promise<void> {
  const { moment } = visit
  const { db, answers } = visit.context
  const filter = { ...parseFilter(visit.query), per_page: MOST_LANES, page: 1 }
  const { resolved, counts } = await count(visit, filter)
  const props = await answers.remember(`lanes ${resolved.today} ${JSON.stringify({ filter, moment })}`, async () => {
    const rows = await listAgreements(db.read, resolved)
    const ids = rows.map(({ id }) => id)
    const positions = await listPositions(db.read, ids, moment, 'hidden')
    const picture = (lanes: Parameters<typeof swimLanes>[0]) => swimLanes(lanes, dayOf(moment, resolved.today))
    return timelinePage(resolved, rows, positions, counts, picture)
  })
  visit.page('list/timeline', { ...props, moment })
}

/** What a filter counts does not depend on its order and its page. */
async function count(
  { moment, today, context: { db, answers } }: Visit,
  filter: AgreementFilter,
): Promise<{ resolved: ResolvedFilter; counts: Awaited<ReturnType<typeof countAgreements>> }> {
  const asked = { ...filter, page: 1, per_page: 0, sort: '', descending: false, moment }
  const { resolved, counts } = await answers.remember(`count ${today} ${JSON.stringify(asked)}`, async () => {
    const looked = await resolveFilter(db.read, filter, moment, today)
    return { resolved: looked, counts: await countAgreements(db.read, looked) }
  })
  return { resolved: { ...resolved, filter }, counts }
}
