import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Request, Response } from 'express'
import type { AppContext } from '../context.ts'
import { cookieOptions } from './cookie.ts'

const COOKIE = 'flash'
/** In UTF-16 units: even in a script of three bytes each it stays below what browsers keep. */
const LONGEST = 200
const LONGEST_MILLISECONDS = 60_000

/** What a reader takes for one character (UAX 29). */
const characters = new Intl.Segmenter()

/** What messages between two pages need of the program. */
type Context = Pick<AppContext, 'config' | 'secret'>

/**
 * Says `message` on the next page that this browser opens. It is cut between two characters, whatever they are made of: what was
 * recorded is never answered by an error because of what is said about it.
 */
export function flash(res: Response, message: string, { config, secret }: Context): void {
  const said = cut(message)
  res.cookie(COOKIE, `${sign(said, secret)}.${said}`, { ...cookieOptions(config), maxAge: LONGEST_MILLISECONDS })
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

/** The message that was left for this page, once; null for one that this register never said. */
export function takeFlash(req: Request, res: Response, { config, secret }: Context): string | null {
  const [, value] = /(?:^|;\s*)flash=([^;]*)/.exec(req.headers.cookie ?? '') ?? []
  if (value === undefined) return null
  res.clearCookie(COOKIE, cookieOptions(config))
  const [, signature = '', message = ''] = /^([\w-]+)\.(.*)$/s.exec(decoded(value)) ?? []
  return isSame(signature, sign(message, secret)) ? message : null
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return ''
  }
}

/** Whoever can plant a cookie shall not speak in the register's name. Sessions are signed with the same secret, and otherwise. */
function sign(message: string, secret: string): string {
  return createHmac('sha256', secret).update(`flash\n${message}`).digest('base64url')
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
