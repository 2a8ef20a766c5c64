import { type Request, type Response, Router } from 'express'
import type { AppContext } from '../context.ts'
import type { Database } from '../database/database.ts'
import { AppError, badFilter } from '../errors.ts'
import { sendCsv } from '../web/csv-response.ts'
import type { SendPage } from '../web/page.ts'
import { paging } from '../web/paging.ts'
import { CHANGE_KINDS } from './change.ts'
import { CHANGE_CSV_HEADING, changeCsv } from './csv.ts'
import { type HistoryFilter, historyQuery, parseHistoryFilter } from './filter.ts'
import { shownChange } from './history-page.ts'
import { listActors, listChanges, streamChanges } from './queries.ts'

/** The history of the register and of one agreement: the same page, the same CSV. */
export function historyRoutes(context: AppContext, page: SendPage): Router {
  const routes = Router()
  routes.get('/changes', (req, res) => showHistory(context, page, req, res, null))
  routes.get('/changes.csv', (req, res) => downloadHistory(context, req, res, null))
  routes.get('/agreements/:reference/history', async (req, res) =>
    showHistory(context, page, req, res, await findAgreement(context, req.params.reference)),
  )
  routes.get('/agreements/:reference/history.csv', async (req, res) =>
    downloadHistory(context, req, res, await findAgreement(context, req.params.reference)),
  )
  return routes
}

interface Subject {
  id: number
  reference: string
  title: string
}

async function showHistory(
  { db, kept }: AppContext,
  page: SendPage,
  req: Request,
  res: Response,
  agreement: Subject | null,
): Promise<void> {
  const filter = parseHistoryFilter(req.query)
  await refuseUnknownActor(db, filter)
  const question = `history ${agreement?.id} ${JSON.stringify(filter)}`
  const props = await kept.answer(question, async () => {
    const { total, rows } = await listChanges(db.read, {
      ...filter,
      ...(agreement ? { agreementId: agreement.id } : {}),
    })
    return { total, changes: rows.map(shownChange), actors: await listActors(db.read) }
  })
  const address = agreement ? `/agreements/${agreement.reference}/history` : '/changes'
  page(req, res, 'history/index', {
    title: agreement ? `History of ${agreement.reference}` : 'Changes',
    ...props,
    agreement,
    filter,
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
  agreement: Subject | null,
): Promise<void> {
  const { bom, ...query } = req.query
  if (bom !== undefined && bom !== '1' && bom !== '0') throw badFilter({ bom: 'must be 1 or 0' })
  const filter: HistoryFilter = parseHistoryFilter(query)
  await refuseUnknownActor(db, filter)
  const name = agreement ? `${agreement.reference}-history` : 'changes'
  await sendCsv(res, clock, { name, heading: CHANGE_CSV_HEADING, chunks: csvChunks(), bom: bom === '1' })

  async function* csvChunks(): AsyncGenerator<string> {
    for await (const rows of streamChanges(db, { ...filter, ...(agreement ? { agreementId: agreement.id } : {}) }))
      yield rows.map(changeCsv).join('')
  }
}

async function refuseUnknownActor({ read }: Database, { actor }: HistoryFilter): Promise<void> {
  if (actor === undefined) return
  const known = await read.selectFrom('users').select('id').where('id', '=', actor).executeTakeFirst()
  if (!known) throw badFilter({ actor: 'is not an account: choose one from the list' })
}

async function findAgreement({ db }: AppContext, reference: string): Promise<Subject> {
  const found = await db.read
    .selectFrom('agreements')
    .select(['id', 'reference', 'title'])
    .where('reference', '=', reference)
    .executeTakeFirst()
  if (!found)
    throw new AppError(
      'not_found',
      `There is no agreement ${reference.slice(0, 80)}. A reference looks like RUS-SYR-2019-1.`,
    )
  return found
}
