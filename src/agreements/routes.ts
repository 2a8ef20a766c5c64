import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { AppContext } from '../context.ts'
import { today } from '../time/clock.ts'
import { AppError, badFilter, type FieldErrors } from '../errors.ts'
import { actor, requireRole } from '../accounts/current-user.ts'
import { flash } from '../web/flash.ts'
import { parseEvidenceFilter } from '../dossier/evidence-filter.ts'
import { NOW } from '../time/moment.ts'
import { orShowAgain, parseForm, typed, type Typed } from '../forms/typed.ts'
import { requireNow, takeMoment } from '../web/moment.ts'
import type { SendPage } from '../web/page.ts'
import { changeStatus } from '../positions/change.ts'
import { createAgreement } from './create.ts'
import { type Dossier, findDossier } from '../dossier/dossier.ts'
import { notThere } from '../standing/find.ts'
import { editAgreement } from './edit.ts'
import { editPage, newPage } from './page.ts'
import { createForm, editForm } from './form.ts'
import { dossierPage } from '../dossier/page.ts'
import { isStatus, STATUSES, statusLabel } from '../words/status.ts'
import { statusForm } from '../positions/change-form.ts'
import { statusPage } from '../positions/change-page.ts'
import { conflictPage } from './conflict-page.ts'
import { findTypedAlike } from './alike.ts'

/** The addresses of agreements. */
export function agreementRoutes(context: AppContext, page: SendPage): Router {
  const routes = Router()
  const handle = (
    handler: (context: AppContext, page: SendPage, req: Request, res: Response) => Promise<void>,
  ): RequestHandler => {
    return (req, res) => handler(context, page, req, res)
  }
  const analyst = requireRole('analyst')
  routes.get('/agreements/new', analyst, requireNow, handle(showNew))
  routes.post('/agreements', analyst, handle(submitNew))
  routes.get('/agreements/:reference', handle(showDossier))
  routes.get('/agreements/:reference/edit', analyst, requireNow, handle(showEdit))
  routes.post('/agreements/:reference/edit', analyst, handle(submitEdit))
  routes.get('/agreements/:reference/status', analyst, requireNow, handle(showStatus))
  routes.post('/agreements/:reference/status', analyst, handle(submitStatus))
  return routes
}

async function showDossier(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const { kept, clock } = context
  const { moment, query } = takeMoment(req.query, clock)
  const filter = parseEvidenceFilter(query)
  const day = today(clock)
  const question = `dossier ${day} ${JSON.stringify({ reference: reference(req), moment, filter })}`
  const props = await kept.answer(question, async () =>
    dossierPage(await dossier(context, req, moment), { filter, moment, today: day }),
  )
  page(req, res, 'dossier/show', { ...props, moment })
}

async function showNew({ db }: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  page(req, res, 'agreements/new', await newPage(db.read, { typed: {}, errors: {} }))
}

async function submitNew(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const body = typed(req.body)
  const again = async (errors: FieldErrors) =>
    page(req, res, 'agreements/new', await newPage(context.db.read, { typed: body, errors }), 422)
  const form = parseForm(createForm, req.body)
  if (!form.ok) return again(form.errors)
  const alike = await findTypedAlike(context.db.read, body)
  if (alike) return again(alike)
  await orShowAgain(again, async () => {
    const { reference: made } = await createAgreement(
      context,
      actor(req),
      form.data.entry,
      form.data.position,
      form.data,
    )
    flash(res, `${made} is in the register.`)
    res.redirect(303, `/agreements/${made}`)
  })
}

async function showEdit(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  page(
    req,
    res,
    'agreements/edit',
    await editPage(context.db.read, await dossier(context, req), { typed: null, errors: {} }),
  )
}

async function submitEdit(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const body = typed(req.body)
  const again = async (errors: FieldErrors) =>
    page(
      req,
      res,
      'agreements/edit',
      await editPage(context.db.read, await dossier(context, req), { typed: body, errors }),
      422,
    )
  const form = parseForm(editForm, req.body)
  if (!form.ok) return again(form.errors)
  const alike = await findTypedAlike(context.db.read, body)
  if (alike) return again(alike)
  await orConflict(context, page, req, res, body, again, async () => {
    await editAgreement(context, actor(req), reference(req), form.data.entry, form.data.edit)
    flash(res, 'The edit is recorded.')
    res.redirect(303, `/agreements/${reference(req)}`)
  })
}

async function showStatus(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const { to, ...others } = req.query
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw badFilter({ [unknown.slice(0, 40)]: 'is not a parameter of this form' })
  if (to !== undefined && !(typeof to === 'string' && isStatus(to))) {
    throw badFilter({ to: `is not a status: give ${STATUSES.join(', ')}` })
  }
  const typedStatus = to === undefined ? {} : { status: to }
  page(
    req,
    res,
    'positions/change',
    statusPage(await dossier(context, req), { typed: typedStatus, errors: {}, today: today(context.clock) }),
  )
}

async function submitStatus(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const body = typed(req.body)
  const again = async (errors: FieldErrors) =>
    page(
      req,
      res,
      'positions/change',
      statusPage(await dossier(context, req), { typed: body, errors, today: today(context.clock) }),
      422,
    )
  const form = parseForm(statusForm, req.body)
  if (!form.ok) return again(form.errors)
  await orConflict(context, page, req, res, body, again, async () => {
    await changeStatus(context, actor(req), reference(req), form.data)
    flash(res, `Recorded: ${statusLabel(form.data.status)}.`)
    res.redirect(303, `/agreements/${reference(req)}`)
  })
}

/** Shows the form again when something is wrong in it, and a page with both versions for whoever comes second. */
async function orConflict(
  context: AppContext,
  page: SendPage,
  req: Request,
  res: Response,
  body: Typed,
  again: (errors: FieldErrors) => Promise<void>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await orShowAgain(again, work)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error
    page(
      req,
      res,
      'agreements/conflict',
      await conflictPage(context.db.read, await dossier(context, req), body, req.path),
      409,
    )
  }
}

async function dossier({ db, clock }: AppContext, req: Request, moment = NOW): Promise<Dossier> {
  const found = await findDossier(db.read, reference(req), moment, today(clock))
  if (!found) throw notThere(reference(req), moment)
  return found
}

function reference(req: Request): string {
  return String(req.params['reference'])
}
