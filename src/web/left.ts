import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { RequestHandler } from 'express'
import type { AppContext } from '../context.ts'

const underWay = new WeakMap<Socket, Set<() => void>>()
const signals = new WeakMap<ServerResponse, AbortSignal>()

/**
 * Does `work` once an answer is over: sent, or its connection closed. An answer that waits behind another one of its connection is not
 * told of that by Node.
 */
export function whenOver(res: ServerResponse, work: () => void): void {
  const { socket } = res.req
  if (res.closed || socket.destroyed) return work()
  const all = underWay.get(socket) ?? openSet(socket)
  const end = () => {
    if (all.delete(end)) work()
  }
  all.add(end)
  res.once('close', end)
}

function openSet(socket: Socket): Set<() => void> {
  const all = new Set<() => void>()
  underWay.set(socket, all)
  socket.once('close', () => {
    for (const end of all) end()
  })
  return all
}

/** Tells when whoever asked is gone before the answer was sent. */
export function leftBy(res: ServerResponse): AbortSignal {
  const known = signals.get(res)
  if (known) return known
  const leaving = new AbortController()
  signals.set(res, leaving.signal)
  whenOver(res, () => {
    if (!res.writableFinished) leaving.abort()
  })
  return leaving.signal
}

/** Lets what a request reads end when nobody waits for it any more. What is sent is recorded all the same. */
export function readWhileAwaited({ db }: Pick<AppContext, 'db'>): RequestHandler {
  return (req, res, next) => {
    if (db.engine === 'sqlite' || (req.method !== 'GET' && req.method !== 'HEAD')) return next()
    db.askUntil(leftBy(res), next)
  }
}
