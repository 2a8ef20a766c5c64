import { createServer, type Server } from 'node:http'
import { pino } from 'pino'
import { issueSetupToken, needsSetup } from './accounts/setup.ts'
import { bringIntoEffect } from './agreements/take-effect.ts'
import { createApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { type AppContext, createContext } from './context.ts'
import { asStartError } from './database/failure.ts'
import { systemClock } from './dates/clock.ts'
import { StartError } from './errors.ts'
import { loadSeeds } from './exchange/seeds.ts'

const HOUR = 3_600_000

try {
  const config = readConfig(process.env)
  await start(config).catch((error: unknown) => {
    throw asStartError(config.databaseUrl, error)
  })
} catch (error) {
  if (!(error instanceof StartError)) throw error
  console.error(`clausula: ${error.message}`)
  process.exitCode = 1
}

async function start(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel })
  const context = await createContext(config, { clock: systemClock, log })
  try {
    if (context.isNew && config.seeds === 'default') await loadSeeds(context)
    await bringIntoEffect(context)
    const server = createServer(createApp(context))
    await listen(server, context)
    stopCleanly(server, context, setInterval(() => void keepInEffect(context), HOUR).unref())
    await announce(server, context)
  } catch (error) {
    await context.db.close()
    throw error
  }
}

async function listen(server: Server, { config }: AppContext): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'EADDRINUSE' ? 'something else listens there already; set PORT to another number' : error.message
      reject(new StartError(`cannot listen on ${config.host}:${config.port}: ${reason}`))
    })
    server.listen(config.port, config.host, resolve)
  })
}

/** Prints where the register is, and, while nobody can log in, the one-time link that makes the first admin. */
async function announce(server: Server, { config, db }: AppContext): Promise<void> {
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : config.port
  const base = config.port === 0 ? `http://${config.host}:${port}` : config.baseUrl
  console.log(`Clausula is at ${base}`)
  if (await needsSetup(db)) console.log(`Make the first admin: ${base}/setup?token=${await issueSetupToken(db)}`)
}

/** On SIGTERM or SIGINT: no new requests, those under way are finished, then the database is closed. */
function stopCleanly(server: Server, { db, log }: AppContext, timer: NodeJS.Timeout): void {
  const stop = () => {
    clearInterval(timer)
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
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

/** A day begins while the server runs, too. */
async function keepInEffect(context: AppContext): Promise<void> {
  try {
    await bringIntoEffect(context)
  } catch (error) {
    context.log.error({ err: error }, 'positions were not brought into effect')
  }
}
