import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { AppContext } from '../context.ts'
import { AppError, type FieldErrors } from '../errors.ts'
import { actor, logIn, requireRole } from './current-user.ts'
import { flash } from '../web/flash.ts'
import { orShowAgain, parseForm, typed } from '../forms/typed.ts'
import type { SendPage } from '../web/page.ts'
import { authenticate, changePassword } from './commands.ts'
import { loginForm, passwordForm, safeNext, setupForm } from './form.ts'
import { limitLogIns } from './log-in-limit.ts'
import { SHORTEST_PASSWORD } from './password.ts'
import { hashSessionId } from './session-store.ts'
import { isSetupToken, needsSetup, setUp, wrongSetupToken } from './setup.ts'

/** Set-up, log-in, log-out, one's own account. */
export function accountRoutes(context: AppContext, page: SendPage, withSession: RequestHandler): Router {
  const routes = Router()
  const limit = limitLogIns(context.db)
  routes.get('/setup', (req, res) => showSetUp(context, page, req, res))
  routes.post('/setup', withSession, (req, res) => submitSetUp(context, page, req, res))
  routes.get('/login', (req, res) => showLogIn(context, page, req, res))
  routes.post('/login', ...limit, withSession, (req: Request, res: Response) => submitLogIn(context, page, req, res))
  routes.post('/logout', withSession, submitLogOut)
  routes.get('/account', requireRole('reader'), (req, res) => showAccount(page, req, res, {}))
  routes.post('/account/password', requireRole('reader'), ...limit, (req: Request, res: Response) =>
    submitPassword(context, page, req, res),
  )
  return routes
}

async function showSetUp({ db }: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  if (!(await needsSetup(db))) throw new AppError('gone', 'This register is set up already: log in instead.')
  const token = typeof req.query['token'] === 'string' ? req.query['token'] : ''
  if (!(await isSetupToken(db, token))) throw wrongSetupToken()
  page(req, res, 'accounts/setup', {
    title: 'Set up this register',
    values: { token },
    errors: {},
    shortest: SHORTEST_PASSWORD,
  })
}

async function submitSetUp(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const { password: _, ...values } = typed(req.body)
  const again = (errors: FieldErrors) =>
    page(
      req,
      res,
      'accounts/setup',
      { title: 'Error: Set up this register', values, errors, shortest: SHORTEST_PASSWORD },
      422,
    )
  const form = parseForm(setupForm, req.body)
  if (!form.ok) return again(form.errors)
  const { token, ...user } = form.data
  await orShowAgain(again, async () => {
    await logIn(req, await setUp(context, context.system, token, user))
    flash(res, 'The register is yours. You are logged in as its admin.')
    res.redirect(303, '/')
  })
}

async function showLogIn({ db }: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const next = safeNext(typeof req.query['next'] === 'string' ? req.query['next'] : null)
  if (req.user) return res.redirect(303, next)
  page(req, res, 'accounts/login', { title: 'Log in', values: { next }, errors: {}, needsSetup: await needsSetup(db) })
}

async function submitLogIn(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const { password: _, ...values } = typed(req.body)
  const again = (errors: FieldErrors) =>
    page(req, res, 'accounts/login', { title: 'Error: Log in', values, errors, needsSetup: false }, 422)
  const form = parseForm(loginForm, req.body)
  if (!form.ok) return again(form.errors)
  const user = await authenticate(context, form.data.email, form.data.password)
  if (!user) return again({ email: 'No account has this address and password: check both' })
  await logIn(req, user)
  res.redirect(303, safeNext(form.data.next))
}

async function submitLogOut(req: Request, res: Response): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.destroy((error: unknown) => (error ? reject(error) : resolve()))
  })
  res.clearCookie('clausula')
  flash(res, 'You are logged out.')
  res.redirect(303, '/')
}

function showAccount(page: SendPage, req: Request, res: Response, errors: FieldErrors, status = 200): void {
  const title = status === 422 ? 'Error: Your account' : 'Your account'
  page(req, res, 'accounts/account', { title, errors, shortest: SHORTEST_PASSWORD }, status)
}

async function submitPassword(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const again = (errors: FieldErrors) => showAccount(page, req, res, errors, 422)
  const form = parseForm(passwordForm, req.body)
  if (!form.ok) return again(form.errors)
  await orShowAgain(again, async () => {
    await changePassword(
      context,
      actor(req),
      form.data.current_password,
      form.data.new_password,
      hashSessionId(req.sessionID),
    )
    flash(res, 'Your password is changed. Other devices are signed out.')
    res.redirect(303, '/account')
  })
}
