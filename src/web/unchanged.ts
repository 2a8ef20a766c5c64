import { createHash, hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { RequestHandler } from 'express'
import type { Config } from '../config.ts'
import type { AppContext } from '../context.ts'
import { today } from '../time/clock.ts'
import { hasFlash } from './flash.ts'
import { namesTwoHosts } from './one-host.ts'

const PROGRAM = join(import.meta.dirname, '../..')

/** Pages about accounts show what is no part of the register; the rest follows from its state, the day, and who is asking. */
const OF_ACCOUNTS = /^\/(?:login|logout|setup|account|admin)(?:[/?]|$)/

/** Whether an address is about accounts: what it shows is kept by nobody. */
export function isOfAccounts(url: string): boolean {
  return OF_ACCOUNTS.test(url)
}

/** Who has an answer may keep it, and asks each time whether it still holds. */
const CACHE_CONTROL = 'private, no-cache'

type Context = Pick<AppContext, 'config' | 'clock' | 'db'>

/** What a page shows of the person asking for it. */
interface Asking {
  id: number
  role: string
  name: string
}

/**
 * Marks each answer with what it follows from, and answers 304 (RFC 9110, section 15.4.5) instead of making it again while that is the
 * same. The state is read before the answer is made: an answer can be newer than its mark, and is then made once more, but never older.
 */
export function unchanged(context: Context): RequestHandler {
  const mark = marker(context)
  return async (req, res, next) => {
    if (!isAboutRegister(req.method, req.url) || hasFlash(req)) return next()
    const tag = await mark(req.user)
    if (holds(req, tag)) return sendNotModified(res, tag)
    res.setHeader('ETag', tag)
    res.setHeader('Cache-Control', CACHE_CONTROL)
    next()
  }
}

/**
 * The same for those without an account, before anything else looks at the request: most requests to a public register whose pages a
 * reader has seen already end here. False where the application has to answer.
 */
export function unchangedForAnyone(
  context: Context & Pick<AppContext, 'log'>,
): ((req: IncomingMessage, res: ServerResponse) => Promise<boolean>) | undefined {
  if (!context.config.public) return undefined
  const mark = marker(context)
  return async (req, res) => {
    const { method = '', url = '', headers } = req
    if (headers['if-none-match'] === undefined || headers.cookie !== undefined || namesTwoHosts(req)) return false
    if (!isAboutRegister(method, url)) return false
    const tag = await mark(undefined)
    if (!holds(req, tag)) return false
    sendNotModified(res, tag)
    context.log.info({ req: { method, url }, res: { statusCode: 304 } }, 'request completed')
    return true
  }
}

/** An answer that is none of the register's own, such as an error, is not marked. */
export function unmark(res: ServerResponse): void {
  res.removeHeader('ETag')
}

function isAboutRegister(method: string | undefined, url: string): boolean {
  return (method === 'GET' || method === 'HEAD') && !isOfAccounts(url)
}

function sendNotModified(res: ServerResponse, tag: string): void {
  res.statusCode = 304
  res.setHeader('ETag', tag)
  res.setHeader('Cache-Control', CACHE_CONTROL)
  res.setHeader('Vary', 'Accept-Encoding')
  res.end()
}

/** Weak comparison (RFC 9110, section 8.8.3.2). */
function holds({ headers }: IncomingMessage, tag: string): boolean {
  const known = headers['if-none-match']
  return known !== undefined && (known === tag || known.split(',').some((one) => one.trim() === tag))
}

/** The entity tag of what somebody may see at present; weak, since an answer may be compressed in several ways. */
function marker({ config, clock, db }: Context): (reader: Asking | undefined) => Promise<string> {
  const program = programDigest(config)
  // Between two changes the tag of one day and one reader is the same: it is worked out once.
  let state = ''
  let tags = new Map<string, string>()
  return async (reader) => {
    const present = `${await db.state()} ${today(clock)}`
    if (present !== state) {
      state = present
      tags = new Map()
    }
    const who = reader ? `${reader.id} ${reader.role} ${reader.name}` : ''
    const known = tags.get(who)
    if (known !== undefined) return known
    const tag = `W/"${hash('sha256', `${program} ${present} ${who}`, 'base64url').slice(0, 27)}"`
    tags.set(who, tag)
    return tag
  }
}

/** What the program would make of the same state: another release, another address of it or other settings may show it otherwise. */
function programDigest({ baseUrl, names, timeZone }: Config): string {
  return hash('sha256', `${baseUrl} ${names} ${timeZone} ${(ofFiles ??= filesDigest())}`, 'base64url')
}

/** The files do not change while the program runs. */
let ofFiles: string | undefined

function filesDigest(): string {
  const digest = createHash('sha256')
  digest.update(readFileSync(join(PROGRAM, 'package-lock.json')))
  for (const folder of ['src', 'views'])
    for (const file of readdirSync(join(PROGRAM, folder), { recursive: true, encoding: 'utf8' }).toSorted())
      if (/\.\w+$/.test(file)) digest.update(readFileSync(join(PROGRAM, folder, file)))
  return digest.digest('base64url')
}
