import { type Request, type Response, Router } from 'express'
import type { AppContext } from '../context.ts'
import type { Database } from '../database/database.ts'
import { findAgreement } from '../standing/find.ts'
import { today } from '../time/clock.ts'
import { badFilter } from '../errors.ts'
import { sendCsv, takeBom } from '../web/download.ts'
import { takeMoment } from '../web/moment.ts'
import type { SendPage } from '../web/page.ts'
import { paging } from '../web/paging.ts'
import { CHANGE_KINDS } from '../words/change-kind.ts'
import { CHANGE_CSV_HEADING, changeCsv } from './csv.ts'
import { type HistoryFilter, historyQuery, parseHistoryFilter } from './filter.ts'
import { shownChange } from './page.ts'
import { headOfChanges, listActors, listChanges, streamChanges } from './queries.ts'

/** The history of the register and of one agreement: the same page, the same CSV. */
export function historyRoutes(context: AppContext, page: SendPage): Router {
  const routes = Router()
  routes.get('/changes', (req, res) => showHistory(context, page, req, res, null))
  routes.get('/changes.csv', (req, res) => downloadHistory(context, req, res, null))
  routes.get('/agreements/:reference/history', (req, res) => showHistory(context, page, req, res, req.params.reference))
  routes.get('/agreements/:reference/history.csv', (req, res) =>
    downloadHistory(context, req, res, req.params.reference),
  )
  return routes
}

async function showHistory(
  { db, kept, clock }: AppContext,
  page: SendPage,
  req: Request,
  res: Response,
  reference: string | null,
): Promise<void> {
  const { moment, query } = takeMoment(req.query, clock)
  const filter = parseHistoryFilter(query)
  await refuseUnknownActor(db, filter)
  const agreement = reference === null ? null : await findAgreement(db.read, reference, moment, today(clock))
  const question = `history ${agreement?.id} ${JSON.stringify({ filter, moment })}`
  const props = await kept.answer(question, async () => {
    const { total, rows } = await listChanges(db.read, {
      ...filter,
      moment,
      ...(agreement ? { agreementId: agreement.id } : {}),
    })
    return {
      total,
      changes: rows.map(shownChange),
      actors: await listActors(db.read),
      head: agreement ? undefined : await headOfChanges(db.read, moment.instant),
    }
  })
  const address = agreement ? `/agreements/${agreement.reference}/history` : '/changes'
  page(req, res, 'history/index', {
    title: agreement ? `History of ${agreement.reference}` : 'Changes',
    ...props,
    agreement,
    filter,
    moment,
    address,
    csv: `${address}.csv${historyQuery({ ...filter, page: 1, per_page: 50 })}`,
    kinds: CHANGE_KINDS,
    paging: paging(
      { ...filter, total: props.total },
      (number) => `${address}${historyQuery({ ...filter, page: number })}`,
    ),
  })
}

async function downloadHistory(
  { db, clock }: AppContext,
  req: Request,
  res: Response,
  reference: string | null,
): Promise<void> {
  const { query: rest, bom } = takeBom(req.query)
  const { moment, query } = takeMoment(rest, clock)
  const filter: HistoryFilter = parseHistoryFilter(query)
  await refuseUnknownActor(db, filter)
  const agreement = reference === null ? null : await findAgreement(db.read, reference, moment, today(clock))
  const name = agreement ? `${agreement.reference}-history` : 'changes'
  await sendCsv(res, clock, { name, moment, heading: CHANGE_CSV_HEADING, chunks: csvChunks(), bom })

  async function* csvChunks(): AsyncGenerator<string> {
    const asked = { ...filter, moment, ...(agreement ? { agreementId: agreement.id } : {}) }
    for await (const rows of streamChanges(db, asked)) yield rows.map(changeCsv).join('')
  }
}

async function refuseUnknownActor({ read }: Database, { actor }: HistoryFilter): Promise<void> {
  if (actor === undefined) return
  const known = await read.selectFrom('users').select('id').where('id', '=', actor).executeTakeFirst()
  if (!known) throw badFilter({ actor: 'is not an account: choose one from the list' })
}
