import { type RequestHandler } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import { AppError } from '../errors.ts'

const WINDOW_MINUTES = 15
const FAILURES_PER_ADDRESS_AND_ACCOUNT = 10
const FAILURES_PER_ADDRESS = 60

/**
 * Limits failed attempts to log in: few for one account from one network address, more for one network address in all.
 * A success does not count.
 */
export function limitLogIns(): RequestHandler[] {
  return [
    limiter(FAILURES_PER_ADDRESS, () => ''),
    limiter(FAILURES_PER_ADDRESS_AND_ACCOUNT, ({ body, user }) =>
      user
        ? String(user.id)
        : String((body as Record<string, string | string[]> | undefined)?.['email'] ?? '')
            .trim()
            .toLowerCase(),
    ),
  ]
}

function limiter(limit: number, account: (req: Parameters<RequestHandler>[0]) => string): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MINUTES * 60_000,
    limit,
    skipSuccessfulRequests: true,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (req) => `${ipKeyGenerator(req.ip ?? '')} ${account(req)}`,
    handler: (_req, _res, next) => {
      next(
        new AppError(
          'too_many',
          `Too many attempts failed. Wait ${WINDOW_MINUTES} minutes, then try again, or ask an admin for a new password.`,
        ),
      )
    },
  })
}
