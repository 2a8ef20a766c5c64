import type { IncomingMessage } from 'node:http'
import type { Request, Response } from 'express'

const COOKIE = 'flash'
/** In UTF-16 units: even in a script of three bytes each it stays below what browsers keep. */
const LONGEST = 200

/** What a reader takes for one character (UAX 29). */
const characters = new Intl.Segmenter()

/**
 * Says `message` on the next page that this browser opens. It is cut between two characters, whatever they are made of: what was
 * recorded is never answered by an error because of what is said about it.
 */
export function flash(res: Response, message: string): void {
  res.cookie(COOKIE, cut(message), { httpOnly: true, sameSite: 'lax', path: '/', maxAge: 60_000 })
}

function cut(message: string): string {
  const whole = message.toWellFormed()
  if (whole.length <= LONGEST) return whole
  const beyond = [...characters.segment(whole)].find(({ index, segment }) => index + segment.length > LONGEST)
  return whole.slice(0, beyond?.index)
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
