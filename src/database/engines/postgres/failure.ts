import { StartError } from '../../../errors.ts'
import { withoutPassword } from '../../locate.ts'

/** The oldest release that is supported, as `server_version_num` tells it. */
const OLDEST = 150_000

/** What a statement says that was stopped, by its limit of time or by whoever asked for it. */
export const STOPPED = '57014'

// Classes and codes: PostgreSQL, appendix A.
const FAILURE_CLASSES = /^(?:08|53|57|58|F0|XX)/
const FAILURE_CODES = new Set(['25006', '25P03', '40001', '40P01', '55P03', '28000', '28P01', '3D000', '42501'])
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
])
/** The client's own errors have no code. */
const LOST = /connection terminated|timeout exceeded when trying to connect|not queryable|server does not support SSL/i

/** True for an error of the server or of the way to it, rather than of the statement. */
export function isPostgresFailure(code: unknown, message: string): boolean {
  if (typeof code !== 'string') return LOST.test(message)
  return (
    NETWORK_CODES.has(code) || FAILURE_CODES.has(code) || (/^[0-9A-Z]{5}$/.test(code) && FAILURE_CLASSES.test(code))
  )
}

/** True where the transaction may be tried again from its beginning: it met another one. */
export function mayBeTriedAgain(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return code === '40001' || code === '40P01'
}

/** The one line for a server that cannot be used. */
export function unreachable(url: string, error: unknown): StartError {
  return new StartError(`the database ${withoutPassword(url)} cannot be used: ${explain(url, error)}`)
}

/** @throws StartError for a release that lacks what the program needs. */
export function refuseOld(url: string, versionNumber: number): void {
  if (versionNumber >= OLDEST) return
  const found = `${Math.floor(versionNumber / 10_000)}.${versionNumber % 10_000}`
  throw new StartError(
    `the database ${withoutPassword(url)} cannot be used: it is PostgreSQL ${found}; this program needs ${OLDEST / 10_000} or later`,
  )
}

function explain(url: string, error: unknown): string {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  const { host, username, pathname } = new URL(url)
  const user = decodeURIComponent(username)
  const database = decodeURIComponent(pathname.slice(1))
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing answers at ${host}; see that PostgreSQL runs there and DATABASE_URL names its port`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `there is no host of that name; check DATABASE_URL`
    case '28P01':
    case '28000':
      return `the server does not let “${user}” in; check the name and the password in DATABASE_URL`
    case '3D000':
      return `the server has no database “${database}”; make it first, with createdb ${database}`
    case '42501':
      return `“${user}” may not do that (${message}); let the owner of the database say: grant all on schema public to ${user}`
    case '25006':
      return 'it can only be read; DATABASE_URL must name the server that takes writes, a replica belongs into DATABASE_REPLICA_URL'
    case '53300':
      return 'the server has no connection left; raise its max_connections, or end other programs'
    default:
      return message
  }
}
