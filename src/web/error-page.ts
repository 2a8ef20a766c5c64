import type { ErrorRequestHandler, Request, RequestHandler } from 'express'
import type { AppContext } from '../context.ts'
import { isStoreFailure, isTooLong, isUncertain } from '../database/failure.ts'
import type { Clock } from '../time/clock.ts'
import { Abandoned, AppError, type ErrorCode } from '../errors.ts'
import { RETRY_AFTER_SECONDS } from '../limits.ts'
import { isPast, type Moment } from '../time/moment.ts'
import { takeMoment } from './moment.ts'
import type { SendPage } from './page.ts'
import { unmark } from './unchanged.ts'

const STATUS_OF: Record<ErrorCode, number> = {
  bad_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  gone: 410,
  too_large: 413,
  invalid: 422,
  too_many: 429,
  clock: 503,
  busy: 503,
}

const TITLE_OF: Record<number, string> = {
  400: 'This address cannot be answered',
  401: 'Log in first',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Somebody else was first',
  410: 'No longer here',
  413: 'Too large',
  415: 'Not a form',
  422: 'Please check what was sent',
  429: 'Too many at once',
  500: 'Something went wrong',
  503: 'The register cannot answer now',
}

/** After these the same request may be answered a little later. */
const COME_AGAIN = new Set([429, 503])

/** For an address that nothing answers. */
export const notFound: RequestHandler = (req, _res, next) => {
  next(new AppError('not_found', `There is nothing at ${req.path.slice(0, 200)}.`))
}

/** The one place where an error becomes an answer; strangers see no internals. */
export function errorPage(page: SendPage, { log, clock }: Pick<AppContext, 'log' | 'clock'>): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      // A session that could not be kept behind an answer takes nothing of the answer back.
      if (res.writableEnded) return log.error({ err: error }, 'failed behind the answer')
      return next(error)
    }
    if (error instanceof Abandoned) return void res.destroy()
    const { status, message, fields } = describe(error)
    unmark(res)
    res.removeHeader('Content-Disposition')
    if (COME_AGAIN.has(status) && !res.hasHeader('Retry-After')) res.setHeader('Retry-After', RETRY_AFTER_SECONDS)
    if (isOfClock(error)) log.error(message)
    else if (status >= 500 && !isExpected(error)) log.error({ err: error }, 'request failed')
    if (/\.(?:csv|json)$/.test(req.path)) return void res.status(status).type('text/plain').send(`${message}\n`)
    page(
      req,
      res,
      'error',
      {
        title: isOfClock(error) ? 'The clock is in doubt' : (TITLE_OF[status] ?? 'This did not work'),
        status,
        message,
        fields: Object.entries(fields),
        next: error instanceof AppError ? error.next : null,
        ...lookedAt(req, clock),
      },
      status,
    )
  }
}

/** The moment that the address looks at, if it is one: the way back to today is on the page, and its links keep it. */
function lookedAt(req: Request, clock: Clock): { moment?: Moment } {
  try {
    const { moment } = takeMoment(req.query, clock)
    return req.method === 'GET' && isPast(moment) ? { moment } : {}
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return {}
  }
}

function isOfClock(error: unknown): boolean {
  return error instanceof AppError && error.code === 'clock'
}

/** A limit that was met is no fault of the program's. */
function isExpected(error: unknown): boolean {
  return error instanceof AppError || isTooLong(error)
}

function describe(error: unknown): { status: number; message: string; fields: Record<string, string> } {
  if (error instanceof AppError)
    return {
      status: STATUS_OF[error.code],
      message: error.message,
      fields: error.code === 'bad_request' ? error.fields : {},
    }
  if (isUncertain(error)) {
    return {
      status: 503,
      message:
        'The register’s database was lost while it recorded this: it may be recorded, or not. Look whether it is there before you send it again.',
      fields: {},
    }
  }
  if (isTooLong(error)) {
    return {
      status: 503,
      message:
        'This question takes the register’s database too long: it was stopped. Ask for less, such as fewer words or filters, or try again later.',
      fields: {},
    }
  }
  if (isStoreFailure(error)) {
    return {
      status: 503,
      message:
        'The register’s database does not answer, or cannot be written. Nothing was changed: try again, and tell whoever runs this register.',
      fields: {},
    }
  }
  const { status, type } = (error ?? {}) as { status?: unknown; type?: unknown }
  if (type === 'entity.too.large')
    return {
      status: 413,
      message: 'What was sent is larger than any form here: shorten the longest text and send it again.',
      fields: {},
    }
  if (type === 'parameters.too.many')
    return { status: 413, message: 'The form has too many fields: send fewer rows.', fields: {} }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return {
      status,
      message: 'The request could not be read: check the address, or open the form and send it again.',
      fields: {},
    }
  }
  return { status: 500, message: 'Something went wrong here. It was logged; nothing was changed.', fields: {} }
}
