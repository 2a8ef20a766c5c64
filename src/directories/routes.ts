import { type Request, type Response, Router } from 'express'
import { actor, requireRole } from '../accounts/current-user.ts'
import type { AppContext } from '../context.ts'
import { AppError, type FieldErrors } from '../errors.ts'
import { orShowAgain, parseForm, typed, type Typed } from '../forms/typed.ts'
import { LANGUAGES } from '../names/language.ts'
import { listAgreementsOf, listedRow } from '../standing/mention.ts'
import { today } from '../time/clock.ts'
import { isPast } from '../time/moment.ts'
import { flash } from '../web/flash.ts'
import { takeMoment, takePage } from '../web/moment.ts'
import type { SendPage } from '../web/page.ts'
import { paging } from '../web/paging.ts'
import type { Directory } from './directory.ts'
import { directoryQuery, parseDirectoryFilter } from './filter.ts'
import { nameForm } from './name-form.ts'
import { parties } from './parties.ts'
import { places } from './places.ts'

const MOST_AGREEMENTS = 100

/** The directories of parties and of places. */
export function directoryRoutes(context: AppContext, page: SendPage): Router {
  const routes = Router()
  const analyst = requireRole('analyst')
  for (const directory of [parties, places]) {
    const { path } = directory
    const blank: NameEntry = { typed: {}, errors: {} }
    routes.get(`/${path}`, (req, res) => showList(context, page, directory, req, res))
    routes.get(`/${path}/:slug`, (req, res) => showEntry(context, page, directory, req, res, blank))
    routes.post(`/${path}/:slug/names`, analyst, (req, res) => submitName(context, page, directory, req, res))
  }
  return routes
}

async function showList(
  { db, kept, clock }: AppContext,
  page: SendPage,
  directory: Directory,
  req: Request,
  res: Response,
): Promise<void> {
  const { path, title } = directory
  const { moment, query } = takeMoment(req.query, clock)
  const filter = parseDirectoryFilter(query)
  const { total, rows } = await kept.answer(`${path} ${today(clock)} ${JSON.stringify({ filter, moment })}`, () =>
    directory.list(db.read, filter, moment, today(clock)),
  )
  page(req, res, 'directories/index', {
    title,
    directory,
    filter,
    moment,
    rows,
    paging: paging({ ...filter, total }, (number) => `/${path}${directoryQuery({ ...filter, page: number })}`),
  })
}

interface NameEntry {
  typed: Typed
  errors: FieldErrors
}

async function showEntry(
  { db, clock }: AppContext,
  page: SendPage,
  directory: Directory,
  req: Request,
  res: Response,
  { typed: values, errors }: NameEntry,
  status = 200,
): Promise<void> {
  const { moment } = takePage(req.method === 'POST' ? {} : req.query, clock)
  const entry = await directory.find(db.read, String(req.params['slug']))
  if (!entry) throw new AppError('not_found', directory.words.missing)
  const agreements = await listAgreementsOf(db.read, directory.link, entry.id, {
    moment,
    today: today(clock),
    most: MOST_AGREEMENTS,
  })
  page(
    req,
    res,
    'directories/show',
    {
      title: entry.names[0]?.name ?? entry.slug,
      directory,
      entry,
      moment,
      isPast: isPast(moment),
      agreements: agreements.map(listedRow),
      all: agreements.length === MOST_AGREEMENTS ? `/agreements?${directory.link}=${entry.slug}&sort=signed_on` : null,
      values,
      errors,
      languages: LANGUAGES,
    },
    status,
  )
}

async function submitName(
  context: AppContext,
  page: SendPage,
  directory: Directory,
  req: Request,
  res: Response,
): Promise<void> {
  const slug = String(req.params['slug'])
  const again = (errors: FieldErrors) =>
    showEntry(context, page, directory, req, res, { typed: typed(req.body), errors }, 422)
  const form = parseForm(nameForm, req.body)
  if (!form.ok) return again(form.errors)
  await orShowAgain(again, async () => {
    await directory.addName(context, actor(req), slug, form.data)
    flash(res, `“${form.data.name}” is added.`)
    res.redirect(303, `/${directory.path}/${slug}`)
  })
}
