import { Router } from 'express'
import type { Database } from '../database/database.ts'
import { badFilter } from '../errors.ts'
import { findAgreement } from '../standing/find.ts'
import { sendCsv, takeBom } from '../web/download.ts'
import { paging } from '../web/paging.ts'
import type { On, Visit } from '../web/visit.ts'
import { CHANGE_KINDS } from '../words/change-kind.ts'
import { CHANGE_CSV_HEADING, changeCsv } from './csv.ts'
import { type HistoryFilter, historyQuery, parseHistoryFilter } from './filter.ts'
import { shownChange } from './page.ts'
import { countChanges, headOfChanges, listActors, listChanges, streamChanges } from './queries.ts'

/** The history of the register and of one agreement: the same page, the same CSV. */
export function historyRoutes(on: On): Router {
  const routes = Router()
  routes.get('/changes', on(showHistory))
  routes.get('/changes.csv', on(downloadHistory))
  routes.get('/agreements/:reference/history', on(showHistory))
  routes.get('/agreements/:reference/history.csv', on(downloadHistory))
  return routes
}

async function showHistory(visit: Visit): Promise<void> {
  const { moment } = visit
  const { db, answers } = visit.context
  const filter = parseHistoryFilter(visit.query)
  await refuseUnknownActor(db, filter)
  const agreement = await agreementOf(visit)
  const address = agreement ? `/agreements/${agreement.reference}/history` : '/changes'
  const question = `history ${agreement?.id} ${JSON.stringify({ filter, moment })}`
  const {
    page: number,
    per_page,
    ...asked
  } = { ...filter, moment, ...(agreement ? { agreementId: agreement.id } : {}) }
  // How many there are does not depend on the page.
  const total = await answers.remember(`history ${JSON.stringify(asked)}`, () => countChanges(db.read, asked))
  const pages = paging({ ...filter, total }, (other) => `${address}${historyQuery({ ...filter, page: other })}`)
  const props = await answers.remember(question, async () => {
    const rows = await listChanges(db.read, { ...asked, page: number, per_page })
    return {
      changes: rows.map(shownChange),
      actors: await listActors(db.read),
      head: agreement ? undefined : await headOfChanges(db.read, moment.instant),
    }
  })
  visit.page('history/index', {
    title: agreement ? `History of ${agreement.reference}` : 'Changes',
    ...props,
    agreement,
    filter,
    moment,
    address,
    csv: `${address}.csv${historyQuery({ ...filter, page: 1, per_page: 50 })}`,
    kinds: CHANGE_KINDS,
    total,
    paging: pages,
  })
}

async function downloadHistory(visit: Visit): Promise<void> {
  const { query, bom } = takeBom(visit.query)
  const { moment } = visit
  const { db } = visit.context
  const filter = parseHistoryFilter(query)
  await refuseUnknownActor(db, filter)
  const agreement = await agreementOf(visit)
  const name = agreement ? `${agreement.reference}-history` : 'changes'
  await sendCsv(visit, { name, moment, heading: CHANGE_CSV_HEADING, chunks: csvChunks(), bom })

  async function* csvChunks(): AsyncGenerator<string> {
    const asked = { ...filter, moment, ...(agreement ? { agreementId: agreement.id } : {}) }
    for await (const rows of streamChanges(db, asked)) yield rows.map(changeCsv).join('')
  }
}

/** The agreement whose history is asked for; null where it is that of the register. */
async function agreementOf(visit: Visit) {
  if (visit.request.params['reference'] === undefined) return null
  return findAgreement(visit.context.db.read, visit.part('reference'), visit.moment, visit.today)
}

async function refuseUnknownActor({ read }: Database, { actor }: HistoryFilter): Promise<void> {
  if (actor === undefined) return
  const known = await read.selectFrom('users').select('id').where('id', '=', actor).executeTakeFirst()
  if (!known) throw badFilter({ actor: 'is not an account: choose one from the list' })
}
