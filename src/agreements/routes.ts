import { type Request, type RequestHandler, type Response, Router } from 'express'
import { actor, requireRole } from '../accounts/current-user.ts'
import type { AppContext } from '../context.ts'
import type { FieldErrors } from '../errors.ts'
import { orShowAgain, parseForm, typed } from '../forms/typed.ts'
import { today } from '../time/clock.ts'
import { NOW } from '../time/moment.ts'
import { flash } from '../web/flash.ts'
import { requireNow } from '../web/moment.ts'
import type { SendPage } from '../web/page.ts'
import { findTypedAlike } from './alike.ts'
import { orConflict } from './conflict.ts'
import { createAgreement } from './create.ts'
import { describeAgreement, type Described } from './described.ts'
import { editAgreement } from './edit.ts'
import { createForm, editForm } from './form.ts'
import { editPage, newPage } from './page.ts'

/** Entering and editing agreements. */
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
  routes.get('/agreements/:reference/edit', analyst, requireNow, handle(showEdit))
  routes.post('/agreements/:reference/edit', analyst, handle(submitEdit))
  return routes
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
    await editPage(context.db.read, await present(context, req), { typed: null, errors: {} }),
  )
}

async function submitEdit(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const body = typed(req.body)
  const again = async (errors: FieldErrors) =>
    page(
      req,
      res,
      'agreements/edit',
      await editPage(context.db.read, await present(context, req), { typed: body, errors }),
      422,
    )
  const form = parseForm(editForm, req.body)
  if (!form.ok) return again(form.errors)
  const alike = await findTypedAlike(context.db.read, body)
  if (alike) return again(alike)
  await orConflict(context, page, req, res, again, async () => {
    await editAgreement(context, actor(req), reference(req), form.data.entry, form.data.edit)
    flash(res, 'The edit is recorded.')
    res.redirect(303, `/agreements/${reference(req)}`)
  })
}

async function present({ db, clock }: AppContext, req: Request): Promise<Described> {
  return describeAgreement(db.read, reference(req), NOW, today(clock))
}

function reference(req: Request): string {
  return String(req.params['reference'])
}
