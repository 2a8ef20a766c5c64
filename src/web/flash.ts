import type { IncomingMessage } from 'node:http'
import type { Request, Response } from 'express'

const COOKIE = 'flash'
/** In characters: even in a script of three bytes each it stays below what browsers keep. */
const LONGEST = 200

/** Says `message` on the next page that this browser opens. */
export function flash(res: Response, message: string): void {
  res.cookie(COOKIE, message.slice(0, LONGEST), { httpOnly: true, sameSite: 'lax', path: '/', maxAge: 60_000 })
}

/** Whether a message is waiting for the next page. */
export function hasFlash({ headers }: IncomingMessage): boolean {
  return /(?:^|;\s*)flash=/.test(headers.cookie ?? '')
}

/** The message that was left for this page, once. */
export function takeFlash(req: Request, res: Response): string | null {
  const [, value] = /(?:^|;\s*)flash=([^;]*)/.exec(req.headers.cookie ?? '') ?? []
  if (value === undefined) return null
  res.clearCookie(COOKIE, { httpOnly: true, sameSite: 'lax', path: '/' })
  try {
    return decodeURIComponent(value)
  } catch {
    return null
  }
}
