import type { RequestHandler } from 'express'
import type { AppContext } from '../context.ts'
import type { Reader } from '../database/schema.ts'

/**
 * Lets requests that only read be answered from a replica, once it has what the person asking wrote last: nobody misses their own
 * entry. What others wrote a moment ago may still be on its way.
 * @param newestBy the number of the newest entry that somebody made
 */
export function readFromReplica(
  { db }: Pick<AppContext, 'db'>,
  newestBy: (db: Reader, actor: number) => Promise<number>,
): RequestHandler {
  return async (req, _res, next) => {
    if (!db.hasReplica || (req.method !== 'GET' && req.method !== 'HEAD')) return next()
    const own = req.user ? await newestBy(db.read, req.user.id) : 0
    await db.readAfter(own, next)
  }
}
