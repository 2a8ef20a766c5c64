import { type RequestHandler, Router } from 'express'
import type { AppContext } from '../context.ts'
import { AppError, invalidField } from '../errors.ts'
import { BLANK, type Filled, texts, titled } from '../forms/typed.ts'
import { submit } from '../web/submit.ts'
import type { On, Visit } from '../web/visit.ts'
import { authenticate, changePassword } from './commands.ts'
import { logIn, logOut, requireRole } from './current-user.ts'
import { loginForm, newPasswordForm, passwordForm, safeNext, setupForm } from './form.ts'
import { limitLogIns } from './log-in-limit.ts'
import { ownerOfLink, setPasswordByLink } from './password-link.ts'
import { SHORTEST_PASSWORD } from './password-rules.ts'
import { hashSessionId } from './session-store.ts'
import { isSetupToken, needsSetup, setUp, wrongSetupToken } from './setup.ts'
import type { Proven } from './user.ts'

/** Set-up, log-in, log-out, one's own account. */
export function accountRoutes({ db }: AppContext, on: On, withSession: RequestHandler): Router {
  const routes = Router()
  const limit = limitLogIns(db)
  routes.get('/setup', on(openSetUp))
  routes.post('/setup', withSession, on(submitSetUp))
  routes.get('/login', on(openLogIn))
  routes.post('/login', ...limit, withSession, on(submitLogIn))
  routes.post('/logout', withSession, on(submitLogOut))
  routes.get('/account', requireRole('reader'), on(showAccount))
  routes.get('/account/new-password', on(openLink))
  routes.post('/account/new-password', withSession, on(submitLink))
  routes.post('/account/password', requireRole('reader'), ...limit, on(submitPassword))
  return routes
}

async function openSetUp(visit: Visit): Promise<void> {
  const { db } = visit.context
  if (!(await needsSetup(db))) throw new AppError('gone', 'This register is set up already: log in instead.')
  const { token: given } = visit.query
  const token = typeof given === 'string' ? given : ''
  if (!(await isSetupToken(db, token))) throw wrongSetupToken()
  showSetUp(visit, 'Set up this register', { typed: { token }, errors: {} }, 200)
}

function showSetUp(visit: Visit, title: string, { typed, errors }: Filled, status: number): void {
  const { password: _, ...values } = typed
  visit.page('accounts/setup', { title, values, errors, shortest: SHORTEST_PASSWORD }, status)
}

async function submitSetUp(visit: Visit): Promise<void> {
  const { context } = visit
  await submit(visit, setupForm, {
    work: async ({ token, ...user }) => isLoggedIn(visit, await setUp(context, context.system, token, user)),
    done: (isIn) =>
      isIn
        ? { to: '/', said: 'The register is yours. You are logged in as its admin.' }
        : { to: '/login', said: 'The register is yours. Log in as its admin.' },
    again: (filled, status) => showSetUp(visit, 'Error: Set up this register', filled, status),
  })
}

/** Logs in whoever did something that is recorded already: if that fails just now, they log in by themselves. */
async function isLoggedIn({ context, request }: Visit, proven: Proven): Promise<boolean> {
  try {
    await logIn(request, proven)
    return true
  } catch (error) {
    context.log.error({ err: error }, 'a log-in failed')
    return false
  }
}

async function openLink(visit: Visit): Promise<void> {
  const { token: given } = visit.query
  const token = typeof given === 'string' ? given : ''
  await showLink(visit, { typed: { token }, errors: {} }, 200)
}

async function showLink(visit: Visit, { typed, errors }: Filled, status: number): Promise<void> {
  const { db, clock } = visit.context
  const [token = ''] = texts(typed, 'token')
  const { name, email } = await ownerOfLink(db.read, clock, token)
  const title = titled('A new password', errors)
  visit.page('accounts/new-password', { title, token, name, email, errors, shortest: SHORTEST_PASSWORD }, status)
}

async function submitLink(visit: Visit): Promise<void> {
  const { context } = visit
  await submit(visit, newPasswordForm, {
    work: async ({ token, new_password }) => isLoggedIn(visit, await setPasswordByLink(context, token, new_password)),
    done: (isIn) =>
      isIn
        ? { to: '/account', said: 'Your new password is set, and you are logged in. Other devices are signed out.' }
        : { to: '/login', said: 'Your new password is set. Log in with it.' },
    again: (filled, status) => showLink(visit, filled, status),
  })
}

async function openLogIn(visit: Visit): Promise<void> {
  const { next: given } = visit.query
  const next = safeNext(typeof given === 'string' ? given : null)
  if (visit.user) return visit.redirect(next)
  const isNew = await needsSetup(visit.context.db)
  visit.page('accounts/login', { title: 'Log in', values: { next }, errors: {}, needsSetup: isNew })
}

async function submitLogIn(visit: Visit): Promise<void> {
  const { context, request } = visit
  const { password: _, ...values } = visit.body
  await submit(visit, loginForm, {
    work: async ({ email, password }) => {
      const proven = await authenticate(context, email, password)
      if (!proven) throw invalidField('email', 'No account has this address and password: check both')
      await logIn(request, proven)
    },
    done: (_result, { next }) => ({ to: safeNext(next) }),
    again: ({ errors }, status) =>
      visit.page('accounts/login', { title: 'Error: Log in', values, errors, needsSetup: false }, status),
  })
}

async function submitLogOut(visit: Visit): Promise<void> {
  await logOut(visit.request, visit.response, visit.context)
  visit.redirect('/', 'You are logged out.')
}

function showAccount(visit: Visit, { errors }: Filled = BLANK, status = 200): void {
  const title = status === 422 ? 'Error: Your account' : 'Your account'
  visit.page('accounts/account', { title, errors, shortest: SHORTEST_PASSWORD }, status)
}

async function submitPassword(visit: Visit): Promise<void> {
  const { context, actor, request } = visit
  await submit(visit, passwordForm, {
    work: async ({ current_password, new_password }) => {
      const own = hashSessionId(request.sessionID)
      request.session.proof = await changePassword(context, actor, current_password, new_password, own)
    },
    done: () => ({ to: '/account', said: 'Your password is changed. Other devices are signed out.' }),
    again: (filled, status) => showAccount(visit, filled, status),
  })
}
