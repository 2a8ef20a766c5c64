import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { AppContext } from '../context.ts'
import { AppError, type FieldErrors } from '../errors.ts'
import { actor, requireRole } from './current-user.ts'
import { flash } from '../web/flash.ts'
import { orShowAgain, parseForm, typed, type Typed } from '../forms/typed.ts'
import type { SendPage } from '../web/page.ts'
import { addUser, changeRole, setDisabled, signOutEverywhere } from './commands.ts'
import { newUserForm, roleForm } from './form.ts'
import { SHORTEST_PASSWORD } from './password.ts'
import { listUsers } from './queries.ts'
import { ROLES } from '../words/role.ts'

/** `/admin`: the accounts of the register. */
export function adminRoutes(context: AppContext, page: SendPage): Router {
  const routes = Router()
  const admin = requireRole('admin')
  routes.get('/admin', admin, (req, res) => showAdmin(context, page, req, res, { typed: {}, errors: {} }))
  routes.post('/admin/users', admin, (req, res) => submitUser(context, page, req, res))
  routes.post(
    '/admin/users/:id/role',
    admin,
    onAccount(context, page, async (req, id) => {
      const form = parseForm(roleForm, req.body)
      if (!form.ok) throw new AppError('invalid', Object.values(form.errors).join(' '), form.errors)
      await changeRole(context, actor(req), id, form.data.role)
      return 'The role is changed.'
    }),
  )
  routes.post(
    '/admin/users/:id/disable',
    admin,
    onAccount(context, page, async (req, id) => {
      await setDisabled(context, actor(req), id, true)
      return 'The account is disabled and signed out.'
    }),
  )
  routes.post(
    '/admin/users/:id/enable',
    admin,
    onAccount(context, page, async (req, id) => {
      await setDisabled(context, actor(req), id, false)
      return 'The account is enabled.'
    }),
  )
  routes.post(
    '/admin/users/:id/sign-out',
    admin,
    onAccount(context, page, async (req, id) => {
      await signOutEverywhere(context, actor(req), id)
      return 'The account is signed out everywhere.'
    }),
  )
  return routes
}

interface UserEntry {
  typed: Typed
  errors: FieldErrors
}

async function showAdmin(
  { db }: AppContext,
  page: SendPage,
  req: Request,
  res: Response,
  { typed: values, errors }: UserEntry,
  status = 200,
): Promise<void> {
  const title = status === 422 ? 'Error: Accounts' : 'Accounts'
  page(
    req,
    res,
    'accounts/admin',
    { title, users: await listUsers(db.read), roles: ROLES, values, errors, shortest: SHORTEST_PASSWORD },
    status,
  )
}

async function submitUser(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const { password: _, ...values } = typed(req.body)
  const again = (errors: FieldErrors) => showAdmin(context, page, req, res, { typed: values, errors }, 422)
  const form = parseForm(newUserForm, req.body)
  if (!form.ok) return again(form.errors)
  await orShowAgain(again, async () => {
    const { name } = await addUser(context, actor(req), form.data)
    flash(res, `${name} has an account.`)
    res.redirect(303, '/admin')
  })
}

/** A button on one account: does `work`, says so, and shows the list again. */
function onAccount(
  context: AppContext,
  page: SendPage,
  work: (req: Request, id: number) => Promise<string>,
): RequestHandler {
  return async (req, res) => {
    const id = String(req.params['id'])
    if (!/^[1-9]\d{0,14}$/.test(id)) throw new AppError('not_found', 'There is no such account.')
    await orShowAgain(
      (errors) => showAdmin(context, page, req, res, { typed: {}, errors }, 422),
      async () => {
        flash(res, await work(req, Number(id)))
        res.redirect(303, '/admin')
      },
    )
  }
}
