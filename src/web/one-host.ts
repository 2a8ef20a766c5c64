import type { IncomingMessage } from 'node:http'
import type { RequestHandler } from 'express'
import { AppError } from '../errors.ts'

/** Whether a request names more than one host: Node keeps the first, a proxy before it may have gone by the other (RFC 9112, section 3.2). */
export function namesTwoHosts({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): boolean {
  let hosts = 0
  for (let place = 0; place < rawHeaders.length; place += 2)
    if (rawHeaders[place]?.length === 4 && rawHeaders[place]?.toLowerCase() === 'host') hosts += 1
  return hosts > 1
}

/** Refuses what nobody can say which host it is for. */
export const oneHost: RequestHandler = (req, _res, next) => {
  next(
    namesTwoHosts(req) ? new AppError('bad_request', 'The request names two hosts: send one Host header.') : undefined,
  )
}
