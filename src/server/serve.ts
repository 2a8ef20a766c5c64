import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { createApp } from '../app.ts'
import type { AppContext } from '../context.ts'
import { StartError } from '../errors.ts'
import { unchangedForAnyone } from '../web/unchanged.ts'

/**
 * Serves the register on the port of the settings.
 * @returns the port, which the system chose where the settings say 0.
 * @throws StartError when nobody can listen there.
 */
export async function serve(context: AppContext): Promise<{ server: Server; port: number }> {
  const server = makeServer(context)
  const { port, host } = context.config
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE' ? 'something else listens there already; set PORT to another number' : error.message
      reject(new StartError(`cannot listen on ${host}:${port}: ${reason}`))
    })
    server.listen(port, host, resolve)
  })
  const address = server.address()
  return { server, port: typeof address === 'object' && address ? address.port : port }
}

/** A server that answers for the register, and holds to the limits what a connection may take; it does not listen yet. */
export function makeServer(context: AppContext): Server {
  const { headersMs, requestMs, keepAliveMs, silentMs, checkMs, headerBytes, connections } = context.limits
  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: checkMs,
      maxHeaderSize: headerBytes,
    },
    answering(context),
  )
  server.maxConnections = connections
  server.timeout = silentMs
  const newest = new WeakMap<Socket, ServerResponse>()
  server.on('request', ({ socket }, res) => void newest.set(socket, res))
  server.on('timeout', (socket) => {
    if (!isBeingMade(newest.get(socket), socket)) socket.destroy()
  })
  return server
}

/** What takes its time to be answered is waited for: nobody who sent something is left without knowing whether it is recorded. */
function isBeingMade(answer: ServerResponse | undefined, socket: Socket): boolean {
  return answer !== undefined && !answer.writableEnded && socket.writableLength === 0
}

/** The application, behind the short way for what somebody has seen already. */
function answering(context: AppContext): RequestListener {
  const app = createApp(context)
  const unchanged = unchangedForAnyone(context)
  if (!unchanged) return app
  return (req, res) => {
    unchanged(req, res).then(
      (isAnswered) => (isAnswered ? undefined : app(req, res)),
      // A database that does not answer is told by the application.
      () => app(req, res),
    )
  }
}

/** Whoever takes longer over an answer than this does not hold up a stop any longer. */
const LONGEST_STOP = 60_000

/** On SIGTERM or SIGINT: no new requests, those under way are finished, then the database is closed. */
export function stopCleanly(server: Server, { db, log }: AppContext, alsoStop: () => void = () => {}): void {
  let isStopping = false
  const stop = () => {
    // Ctrl+C reaches the workers by themselves, and once more through whoever started them.
    if (isStopping) return
    isStopping = true
    alsoStop()
    setTimeout(() => server.closeAllConnections(), LONGEST_STOP).unref()
    server.close(() => {
      db.close().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'the database did not close')
          process.exit(1)
        },
      )
    })
    server.closeIdleConnections()
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
