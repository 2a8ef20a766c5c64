import { type Request, type Response, Router } from 'express'
import { orShowAgain, parseForm, texts, typed, type Typed } from '../forms/typed.ts'
import type { AppContext } from '../context.ts'
import { today } from '../time/clock.ts'
import { AppError, type FieldErrors } from '../errors.ts'
import { listChangesOf } from '../history/queries.ts'
import { type Moment, NOW } from '../time/moment.ts'
import { actor, requireRole } from '../accounts/current-user.ts'
import { flash } from '../web/flash.ts'
import { requireNow, takeMoment, takePage } from '../web/moment.ts'
import type { SendPage } from '../web/page.ts'
import { paging } from '../web/paging.ts'
import { addSource, editSource, findSourceByAddress } from './commands.ts'
import { parseSourceFilter, sourceQuery } from './filter.ts'
import { editSourcePage, newSourcePage, sourcePage } from './page.ts'
import { findSource } from './find.ts'
import { listPublishers, listSources } from './queries.ts'
import { RELIABILITIES, reliabilityLabel, sourceLabel } from '../words/source.ts'
import { sourceAsTyped, sourceEditForm, sourceForm } from './form.ts'

const MOST_PUBLISHERS = 200

/** What was read: the list of sources, and what rests on each. */
export function sourceRoutes(context: AppContext, page: SendPage): Router {
  const routes = Router()
  const analyst = requireRole('analyst')
  routes.get('/sources', (req, res) => showSources(context, page, req, res))
  routes.get('/sources/new', analyst, requireNow, (req, res) => showNew(context, page, req, res))
  routes.post('/sources', analyst, (req, res) => submitNew(context, page, req, res))
  routes.get('/sources/:id', (req, res) => showSource(context, page, req, res))
  routes.get('/sources/:id/edit', analyst, requireNow, (req, res) => showEdit(context, page, req, res))
  routes.post('/sources/:id/edit', analyst, (req, res) => submitEdit(context, page, req, res))
  return routes
}

async function showSources(
  { db, kept, clock }: AppContext,
  page: SendPage,
  req: Request,
  res: Response,
): Promise<void> {
  const { moment, query } = takeMoment(req.query, clock)
  const filter = parseSourceFilter(query)
  const props = await kept.answer(`sources ${JSON.stringify({ filter, moment })}`, async () => {
    const { total, rows } = await listSources(db.read, filter, moment)
    return {
      rows: rows.map((row) => ({ ...row, label: sourceLabel(row) })),
      publishers: await listPublishers(db.read, MOST_PUBLISHERS),
      total,
      paging: paging({ ...filter, total }, (number) => `/sources${sourceQuery({ ...filter, page: number })}`),
    }
  })
  const reliabilities = RELIABILITIES.map((value) => ({ value: value as string, label: reliabilityLabel(value) }))
  page(req, res, 'sources/index', {
    title: 'Sources',
    ...props,
    filter,
    moment,
    reliabilities: [...reliabilities, { value: 'none', label: 'not graded' }],
  })
}

async function showNew({ db }: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  page(req, res, 'sources/new', await newSourcePage(db.read, { typed: {}, errors: {} }, null))
}

async function submitNew(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const { db } = context
  const body = typed(req.body)
  const again = async (errors: FieldErrors) =>
    page(
      req,
      res,
      'sources/new',
      await newSourcePage(db.read, { typed: body, errors }, await knownSource(context, body)),
      422,
    )
  const form = parseForm(sourceForm, req.body)
  if (!form.ok) return again(form.errors)
  await orShowAgain(again, async () => {
    const id = await addSource(context, actor(req), form.data)
    flash(res, `Source ${id} is recorded.`)
    res.redirect(303, `/sources/${id}`)
  })
}

/** The source that has the typed address already, to offer it. */
async function knownSource({ db }: AppContext, body: Typed): Promise<number | null> {
  const [address = ''] = texts(body, 'source_url')
  return address === '' ? null : ((await findSourceByAddress(db.read, address.trim()))?.id ?? null)
}

async function showSource({ db, clock }: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const { moment } = takePage(req.query, clock)
  const found = await foundSource({ db, clock }, req, moment)
  const changes = await listChangesOf(db.read, `source:${found.source.id}`, moment)
  page(req, res, 'sources/show', { ...sourcePage(found, changes), moment })
}

async function showEdit(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const { source } = await foundSource(context, req, NOW)
  await showForm(context, page, req, res, { typed: sourceAsTyped(source), errors: {} }, 200)
}

async function showForm(
  context: AppContext,
  page: SendPage,
  req: Request,
  res: Response,
  entry: { typed: Typed; errors: FieldErrors },
  status: number,
): Promise<void> {
  const { source } = await foundSource(context, req, NOW)
  const changes = await listChangesOf(context.db.read, `source:${source.id}`, NOW)
  page(req, res, 'sources/edit', await editSourcePage(context.db.read, source, changes, entry), status)
}

async function submitEdit(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const { source } = await foundSource(context, req, NOW)
  const body = typed(req.body)
  const again = (errors: FieldErrors, status = 422, kept: Typed = body) =>
    showForm(context, page, req, res, { typed: kept, errors }, status)
  const form = parseForm(sourceEditForm, req.body)
  if (!form.ok) return again(form.errors)
  try {
    await orShowAgain(again, async () => {
      const isEdited = await editSource(context, actor(req), source.id, form.data)
      flash(res, isEdited ? 'The source is edited.' : 'Nothing was different: nothing is recorded.')
      res.redirect(303, `/sources/${source.id}`)
    })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error
    const { ['seen']: _seen, ...kept } = body
    await again({ '': error.message }, 409, kept)
  }
}

async function foundSource({ db, clock }: Pick<AppContext, 'db' | 'clock'>, req: Request, moment: Moment) {
  const text = String(req.params['id'])
  const found = /^[1-9]\d{0,14}$/.test(text) ? await findSource(db.read, Number(text), moment, today(clock)) : undefined
  if (!found) throw new AppError('not_found', `There is no source ${text.slice(0, 40)}: see /sources.`)
  return found
}
