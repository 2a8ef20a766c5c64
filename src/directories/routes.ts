import { type Request, type Response, Router } from 'express'
import { listAgreementsOf, listedRow } from '../standing/mention.ts'
import type { AppContext } from '../context.ts'
import { today } from '../time/clock.ts'
import { AppError, type FieldErrors } from '../errors.ts'
import { directoryQuery, parseDirectoryFilter } from './filter.ts'
import { LANGUAGES } from '../names/language.ts'
import { nameForm } from './name-form.ts'
import { actor, requireRole } from '../accounts/current-user.ts'
import { flash } from '../web/flash.ts'
import { orShowAgain, parseForm, typed, type Typed } from '../forms/typed.ts'
import { isPast } from '../time/moment.ts'
import { takeMoment, takePage } from '../web/moment.ts'
import type { SendPage } from '../web/page.ts'
import { paging } from '../web/paging.ts'
import { addPartyName } from './party-commands.ts'
import { findParty, listParties } from './party-queries.ts'

const MOST_AGREEMENTS = 100

/** The directory of parties. */
export function partyRoutes(context: AppContext, page: SendPage): Router {
  const routes = Router()
  routes.get('/parties', (req, res) => showParties(context, page, req, res))
  routes.get('/parties/:slug', (req, res) => showParty(context, page, req, res, { typed: {}, errors: {} }))
  routes.post('/parties/:slug/names', requireRole('analyst'), (req, res) => submitName(context, page, req, res))
  return routes
}

async function showParties(
  { db, kept, clock }: AppContext,
  page: SendPage,
  req: Request,
  res: Response,
): Promise<void> {
  const { moment, query } = takeMoment(req.query, clock)
  const filter = parseDirectoryFilter(query)
  const { total, rows } = await kept.answer(`parties ${today(clock)} ${JSON.stringify({ filter, moment })}`, () =>
    listParties(db.read, filter, moment, today(clock)),
  )
  page(req, res, 'parties/index', {
    title: 'Parties',
    filter,
    moment,
    rows,
    paging: paging({ ...filter, total }, (number) => `/parties${directoryQuery({ ...filter, page: number })}`),
  })
}

interface NameEntry {
  typed: Typed
  errors: FieldErrors
}

async function showParty(
  { db, clock }: AppContext,
  page: SendPage,
  req: Request,
  res: Response,
  { typed: values, errors }: NameEntry,
  status = 200,
): Promise<void> {
  const { moment } = takePage(req.method === 'POST' ? {} : req.query, clock)
  const party = await findParty(db.read, String(req.params['slug']))
  if (!party) throw new AppError('not_found', 'There is no such party. See the list of parties.')
  const agreements = await listAgreementsOf(db.read, 'party', party.id, {
    moment,
    today: today(clock),
    most: MOST_AGREEMENTS,
  })
  page(
    req,
    res,
    'parties/show',
    {
      title: party.names[0]?.name ?? party.slug,
      party,
      moment,
      isPast: isPast(moment),
      agreements: agreements.map(listedRow),
      all: agreements.length === MOST_AGREEMENTS ? `/agreements?party=${party.slug}&sort=signed_on` : null,
      values,
      errors,
      languages: LANGUAGES,
    },
    status,
  )
}

async function submitName(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const slug = String(req.params['slug'])
  const again = (errors: FieldErrors) => showParty(context, page, req, res, { typed: typed(req.body), errors }, 422)
  const form = parseForm(nameForm, req.body)
  if (!form.ok) return again(form.errors)
  await orShowAgain(again, async () => {
    await addPartyName(context, actor(req), slug, form.data)
    flash(res, `“${form.data.name}” is added.`)
    res.redirect(303, `/parties/${slug}`)
  })
}
