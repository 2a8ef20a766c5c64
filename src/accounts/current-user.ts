import type { NextFunction, Request, RequestHandler, Response } from 'express'
import session from 'express-session'
import { findUser } from './queries.ts'
import { includesRole, type Role } from '../words/role.ts'
import { SESSION_MILLISECONDS, SessionStore } from './session-store.ts'
import type { Proven, User } from './user.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { cookieOptions } from '../web/cookie.ts'

const COOKIE = 'clausula'

declare global {
  namespace Express {
    interface Request {
      user?: User
    }
  }
}

/** Gives a request its session: the one of its cookie, or a new one that is kept once somebody logs in. */
export function sessions({ config, db, clock, secret }: AppContext): RequestHandler {
  const cookie = cookieOptions(config)
  const withSession = session({
    name: COOKIE,
    secret,
    store: new SessionStore(db, clock),
    resave: false,
    saveUninitialized: false,
    cookie: { ...cookie, maxAge: SESSION_MILLISECONDS },
  })
  return (req, res, next) => {
    // A cookie for https is sent only where the request is taken to have come by it: the register's own address says so, no header does.
    Object.defineProperty(req, 'secure', { value: cookie.secure })
    withSession(req, res, next)
  }
}

/** Reads who is asking. Most readers have no account, and no session is made for them. */
export function currentUser(context: AppContext, withSession: RequestHandler): RequestHandler {
  return (req, res, next) => {
    if (!req.headers.cookie?.includes(`${COOKIE}=`)) return next()
    withSession(req, res, (error?: unknown) => {
      if (error) return next(error)
      identify(context, req).then(() => next(), next)
    })
  }
}

async function identify({ db }: AppContext, req: Request): Promise<void> {
  const { userId, proof } = req.session
  const user = userId === undefined || proof === undefined ? undefined : await findUser(db.read, userId, proof)
  if (user) req.user = user
}

/** Logs a person in under a session id of its own, so that one planted before log-in is worth nothing. */
export async function logIn(req: Request, { user, proof }: Proven): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      req.session.regenerate((error: unknown) => (error ? reject(error) : resolve()))
    })
    req.session.userId = user.id
    req.session.proof = proof
    await new Promise<void>((resolve, reject) => {
      req.session.save((error: unknown) => (error ? reject(error) : resolve()))
    })
  } catch (error) {
    // Otherwise it would be tried once more behind the answer that says so.
    delete (req as Partial<Request>).session
    throw error
  }
}

/** Ends the session of whoever is logged in. */
export async function logOut(req: Request, res: Response, { config }: Pick<AppContext, 'config'>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    req.session.destroy((error: unknown) => (error ? reject(error) : resolve()))
  })
  res.clearCookie(COOKIE, cookieOptions(config))
}

/** Lets only accounts of a role (or more) through; others are asked to log in, or refused. */
export function requireRole(role: Role): RequestHandler {
  return (req, res, next) => {
    if (req.user && includesRole(req.user.role, role)) return next()
    if (req.user)
      return next(
        new AppError(
          'forbidden',
          `This needs the role ${role}; your account has the role ${req.user.role}. Ask an admin.`,
        ),
      )
    askToLogIn(req, res, next)
  }
}

/** With `CLAUSULA_PUBLIC=false`, lets nobody read without an account. */
export function requireAccountToRead({ config }: AppContext): RequestHandler {
  return (req, res, next) => (config.public || req.user ? next() : askToLogIn(req, res, next))
}

/** An address that is longer, in its encoding, is not come back to: proxies take no longer header of an answer. */
const LONGEST_WAY_BACK = 2_000

function askToLogIn(req: Request, res: Response, next: NextFunction): void {
  const back = encodeURIComponent(req.originalUrl)
  if (req.method === 'GET') return res.redirect(303, back.length > LONGEST_WAY_BACK ? '/login' : `/login?next=${back}`)
  next(
    new AppError(
      'unauthenticated',
      'You are not logged in. Log in in another tab, then come back here and send the form again: nothing that you typed is lost.',
    ),
  )
}
