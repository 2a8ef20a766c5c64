import type { NextFunction, Request, Response } from 'express'
import { AppError } from '../errors.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses a write that another site made the browser send (CSRF): by `Sec-Fetch-Site`, which every current browser
 * sends and no page can forge, else by `Origin`. A request with neither comes from no browser that could be tricked.
 */
export function sameOrigin(req: Request, _res: Response, next: NextFunction): void {
  if (SAFE.has(req.method)) return next()
  const site = req.get('sec-fetch-site')
  const origin = req.get('origin')
  const isOwn =
    site !== undefined
      ? site === 'same-origin' || site === 'none'
      : origin === undefined || hostOf(origin) === req.get('host')
  if (isOwn) return next()
  next(
    new AppError(
      'forbidden',
      'This request came from another site and was refused. Open the form here and send it again.',
    ),
  )
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}
