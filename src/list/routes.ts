import { type Request, type Response, Router } from 'express'
import type { AppContext } from '../context.ts'
import { today } from '../time/clock.ts'
import { swimLanes } from '../pictures/lanes/swim-lanes.ts'
import { listPositions } from '../positions/queries.ts'
import { dayOf, type Moment } from '../time/moment.ts'
import { sendCsv, sendJson, takeBom } from '../web/download.ts'
import { takeMoment } from '../web/moment.ts'
import type { SendPage } from '../web/page.ts'
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
export function agreementListRoutes(context: AppContext, page: SendPage): Router {
  const routes = Router()
  routes.get('/agreements', (req, res) => showList(context, page, req, res))
  routes.get('/agreements.csv', (req, res) => downloadCsv(context, req, res))
  routes.get('/agreements.json', (req, res) => downloadJson(context, req, res))
  routes.get('/agreements/timeline', (req, res) => showTimeline(context, page, req, res))
  return routes
}

async function showList(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const { moment, query } = takeMoment(req.query, context.clock)
  const filter = parseFilter(query)
  const { resolved, counts } = await count(context, filter, moment)
  const { db, kept } = context
  const props = await kept.answer(`list ${resolved.today} ${JSON.stringify({ filter, moment })}`, async () =>
    listPage(resolved, await listAgreements(db.read, resolved), counts),
  )
  page(req, res, 'list/index', { ...props, moment })
}

async function downloadCsv({ db, clock, config }: AppContext, req: Request, res: Response): Promise<void> {
  const { query: rest, bom } = takeBom(req.query)
  const { moment, query } = takeMoment(rest, clock)
  const resolved = await resolveFilter(db.read, parseFilter(query), moment, today(clock))
  const chunks = everyAgreementAsCsv(db, resolved, config.baseUrl)
  await sendCsv(res, clock, { name: 'agreements', moment, heading: AGREEMENT_CSV_HEADING, chunks, bom })
}

async function downloadJson({ db, clock, config }: AppContext, req: Request, res: Response): Promise<void> {
  const { moment, query } = takeMoment(req.query, clock)
  const resolved = await resolveFilter(db.read, parseFilter(query), moment, today(clock))
  const snapshot = await db.snapshot()
  try {
    await sendJson(res, clock, {
      name: 'agreements',
      moment,
      chunks: agreementsJson(snapshot, resolved, config.baseUrl),
    })
  } finally {
    await snapshot.close()
  }
}

async function showTimeline(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const { moment, query } = takeMoment(req.query, context.clock)
  const filter = { ...parseFilter(query), per_page: MOST_LANES, page: 1 }
  const { resolved, counts } = await count(context, filter, moment)
  const { db, kept } = context
  const props = await kept.answer(`lanes ${resolved.today} ${JSON.stringify({ filter, moment })}`, async () => {
    const rows = await listAgreements(db.read, resolved)
    const positions = await listPositions(
      db.read,
      rows.map(({ id }) => id),
      moment,
    )
    const picture = (lanes: Parameters<typeof swimLanes>[0]) => swimLanes(lanes, dayOf(moment, resolved.today))
    return timelinePage(resolved, rows, positions, counts, picture)
  })
  page(req, res, 'list/timeline', { ...props, moment })
}

/** What a filter counts does not depend on its order and its page. */
async function count(
  { db, kept, clock }: AppContext,
  filter: AgreementFilter,
  moment: Moment,
): Promise<{ resolved: ResolvedFilter; counts: Awaited<ReturnType<typeof countAgreements>> }> {
  const day = today(clock)
  const asked = { ...filter, page: 1, per_page: 0, sort: '', descending: false, moment }
  const { resolved, counts } = await kept.answer(`count ${day} ${JSON.stringify(asked)}`, async () => {
    const looked = await resolveFilter(db.read, filter, moment, day)
    return { resolved: looked, counts: await countAgreements(db.read, looked) }
  })
  return { resolved: { ...resolved, filter }, counts }
}
