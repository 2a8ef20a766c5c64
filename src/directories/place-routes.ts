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
import { addPlaceName } from './place-commands.ts'
import { findPlace, listPlaces } from './place-queries.ts'

const MOST_AGREEMENTS = 100

/** The directory of places. */
export function placeRoutes(context: AppContext, page: SendPage): Router {
  const routes = Router()
  routes.get('/places', (req, res) => showPlaces(context, page, req, res))
  routes.get('/places/:slug', (req, res) => showPlace(context, page, req, res, { typed: {}, errors: {} }))
  routes.post('/places/:slug/names', requireRole('analyst'), (req, res) => submitName(context, page, req, res))
  return routes
}

async function showPlaces({ db, kept, clock }: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const { moment, query } = takeMoment(req.query, clock)
  const filter = parseDirectoryFilter(query)
  const { total, rows } = await kept.answer(`places ${today(clock)} ${JSON.stringify({ filter, moment })}`, () =>
    listPlaces(db.read, filter, moment, today(clock)),
  )
  page(req, res, 'places/index', {
    title: 'Places',
    filter,
    moment,
    rows,
    paging: paging({ ...filter, total }, (number) => `/places${directoryQuery({ ...filter, page: number })}`),
  })
}

interface NameEntry {
  typed: Typed
  errors: FieldErrors
}

async function showPlace(
  { db, clock }: AppContext,
  page: SendPage,
  req: Request,
  res: Response,
  { typed: values, errors }: NameEntry,
  status = 200,
): Promise<void> {
  const { moment } = takePage(req.method === 'POST' ? {} : req.query, clock)
  const place = await findPlace(db.read, String(req.params['slug']))
  if (!place) throw new AppError('not_found', 'There is no such place. See the list of places.')
  const agreements = await listAgreementsOf(db.read, 'place', place.id, {
    moment,
    today: today(clock),
    most: MOST_AGREEMENTS,
  })
  page(
    req,
    res,
    'places/show',
    {
      title: place.names[0]?.name ?? place.slug,
      place,
      moment,
      isPast: isPast(moment),
      agreements: agreements.map(listedRow),
      all: agreements.length === MOST_AGREEMENTS ? `/agreements?place=${place.slug}&sort=signed_on` : null,
      values,
      errors,
      languages: LANGUAGES,
    },
    status,
  )
}

async function submitName(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const slug = String(req.params['slug'])
  const again = (errors: FieldErrors) => showPlace(context, page, req, res, { typed: typed(req.body), errors }, 422)
  const form = parseForm(nameForm, req.body)
  if (!form.ok) return again(form.errors)
  await orShowAgain(again, async () => {
    await addPlaceName(context, actor(req), slug, form.data)
    flash(res, `“${form.data.name}” is added.`)
    res.redirect(303, `/places/${slug}`)
  })
}
