import { Router } from 'express'
import { BEFORE_THE_FIRST } from '../database/unit.ts'
import { AppError, badFilter } from '../errors.ts'
import { findAgreement } from '../standing/find.ts'
import { sendCsv, takeBom } from '../web/download.ts'
import { paging } from '../web/paging.ts'
import type { On, Visit } from '../web/visit.ts'
import { ACCOUNT_CHANGE_KINDS, CHANGE_KINDS, type ChangeKind } from '../words/change-kind.ts'
import { NAMES_ARE_HIDDEN, type Names } from '../words/person.ts'
import { CHANGE_CSV_HEADING, changeCsv } from './csv.ts'
import { type HistoryFilter, historyQuery, parseHistoryFilter } from './filter.ts'
import { shownChange } from './page.ts'
import { signHead, verifierOf } from './head.ts'
import { signingKey } from './signing-key.ts'
import { countChanges, hasActed, headOfChanges, listActors, listChanges, streamChanges } from './queries.ts'

/** The history of the register and of one agreement: the same page, the same CSV. */
export function historyRoutes(on: On): Router {
  const routes = Router()
  routes.get('/changes', on(showHistory))
  routes.get('/changes.csv', on(downloadHistory))
  routes.get('/changes/head', on(showHead))
  routes.get('/agreements/:reference/history', on(showHistory))
  routes.get('/agreements/:reference/history.csv', on(downloadHistory))
  return routes
}

async function showHistory(visit: Visit): Promise<void> {
  const { moment, names } = visit
  const { db } = visit.context
  const filter = await readFilter(visit, visit.query)
  const agreement = await agreementOf(visit)
  const address = agreement ? `/agreements/${agreement.reference}/history` : '/changes'
  const question = `history ${agreement?.id} ${JSON.stringify({ filter, moment })}`
  const {
    page: number,
    per_page,
    ...asked
  } = { ...filter, moment, names, ...(agreement ? { agreementId: agreement.id } : {}) }
  // How many there are does not depend on the page.
  const total = await visit.remember(`history ${JSON.stringify(asked)}`, () => countChanges(db.read, asked))
  const pages = paging({ ...filter, total }, (other) => `${address}${historyQuery({ ...filter, page: other })}`)
  const props = await visit.remember(question, async () => {
    const rows = await listChanges(db.read, { ...asked, page: number, per_page })
    return {
      changes: rows.map(shownChange),
      actors: names === 'shown' ? await listActors(db.read) : [],
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
    kinds: kindsFor(names),
    aboutNames: names === 'shown' ? null : NAMES_ARE_HIDDEN,
    total,
    paging: pages,
  })
}

/** The newest change, signed: to be kept elsewhere, so that the register can be held to it later. */
async function showHead(visit: Visit): Promise<void> {
  const { db, config } = visit.context
  const head = (await headOfChanges(db.read, visit.moment.instant)) ?? BEFORE_THE_FIRST
  const key = signingKey(config.signingKey)
  visit.response.setHeader('Clausula-Key', verifierOf(key))
  visit.response.type('text/plain').send(signHead(head, key))
}

async function downloadHistory(visit: Visit): Promise<void> {
  const { query, bom } = takeBom(visit.query)
  const { moment, names } = visit
  const { db } = visit.context
  const filter = await readFilter(visit, query)
  const agreement = await agreementOf(visit)
  const name = agreement ? `${agreement.reference}-history` : 'changes'
  await sendCsv(visit, { name, moment, heading: CHANGE_CSV_HEADING, chunks: csvChunks(), bom })

  async function* csvChunks(): AsyncGenerator<string> {
    const asked = { ...filter, moment, names, ...(agreement ? { agreementId: agreement.id } : {}) }
    for await (const rows of streamChanges(db, asked)) yield rows.map(changeCsv).join('')
  }
}

/** The agreement whose history is asked for; null where it is that of the register. */
async function agreementOf(visit: Visit) {
  if (visit.request.params['reference'] === undefined) return null
  return findAgreement(visit.context.db.read, visit.part('reference'), visit.moment, visit.today)
}

/**
 * The filter of an address.
 * @throws AppError `bad_request` for what is none, `unauthenticated` where it asks for what only those who see names are told.
 */
async function readFilter(visit: Visit, query: Record<string, unknown>): Promise<HistoryFilter> {
  const filter = parseHistoryFilter(query)
  const { actor, kind } = filter
  if (visit.names === 'hidden' && (actor !== undefined || (kind !== undefined && !kindsFor('hidden').includes(kind))))
    throw asksForNames(visit)
  if (actor !== undefined && !(await hasActed(visit.context.db.read, actor)))
    throw badFilter({ actor: 'is nobody who acted here: choose one from the list' })
  return filter
}

function kindsFor(names: Names): readonly ChangeKind[] {
  return names === 'shown' ? CHANGE_KINDS : CHANGE_KINDS.filter((kind) => !ACCOUNT_CHANGE_KINDS.includes(kind))
}

function asksForNames({ request }: Visit): AppError {
  const message = `${NAMES_ARE_HIDDEN} Log in, or leave this filter out.`
  const href = `/login?next=${encodeURIComponent(request.originalUrl)}`
  return new AppError('unauthenticated', message, {}, { href, label: 'Log in' })
}
