import { type RequestHandler } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import type { Database } from '../database/database.ts'
import { systemClock } from '../time/clock.ts'
import { AppError } from '../errors.ts'
import { LogInFailures } from './log-in-failures.ts'

const WINDOW_MINUTES = 15
const FAILURES_PER_ADDRESS_AND_ACCOUNT = 10
const FAILURES_PER_ADDRESS = 60

/**
 * Limits failed attempts to log in: few for one account from one network address, more for one network address in all.
 * A success does not count.
 */
export function limitLogIns(db: Database): RequestHandler[] {
  // The limiter compares with the machine's clock, whatever the register's is.
  const failures = (prefix: string) => new LogInFailures(db, systemClock, { prefix, minutes: WINDOW_MINUTES })
  return [
    limiter(FAILURES_PER_ADDRESS, failures('address'), () => ''),
    limiter(FAILURES_PER_ADDRESS_AND_ACCOUNT, failures('account'), ({ body, user }) =>
      user
        ? String(user.id)
        : String((body as Record<string, string | string[]> | undefined)?.['email'] ?? '')
            .trim()
            .toLowerCase(),
    ),
  ]
}

function limiter(
  limit: number,
  store: LogInFailures,
  account: (req: Parameters<RequestHandler>[0]) => string,
): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MINUTES * 60_000,
    limit,
    store,
    skipSuccessfulRequests: true,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (req) => `${ipKeyGenerator(req.ip ?? '')} ${account(req)}`,
    handler: (_req, _res, next) => {
      next(
        new AppError(
          'too_many',
          `Too many attempts failed. Wait ${WINDOW_MINUTES} minutes, then try again, or ask an admin for a link with which you set a new password.`,
        ),
      )
    },
  })
}
