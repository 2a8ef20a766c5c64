import cluster from 'node:cluster'
import { pino } from 'pino'
import { issueSetupToken, needsSetup } from './accounts/setup.ts'
import { type Config, readConfig } from './config.ts'
import type { AppContext } from './context.ts'
import { createContext } from './server/open.ts'
import { asStartError } from './database/failure.ts'
import { systemClock } from './time/clock.ts'
import { AppError, StartError } from './errors.ts'
import { beginDay, startChores } from './server/chores.ts'
import { serve, stopCleanly } from './server/serve.ts'
import { supervise } from './server/supervise.ts'

try {
  const config = readConfig(process.env)
  await start(config).catch((error: unknown) => {
    throw asStartError(config.databaseUrl, error)
  })
} catch (error) {
  if (!(error instanceof StartError)) throw error
  console.error(`clausula: ${error.message}`)
  process.exitCode = 1
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM')
  cluster.worker?.disconnect()
}

async function start(config: Config): Promise<void> {
  const context = await createContext(config, { clock: systemClock, log: pino({ level: config.logLevel }) })
  try {
    if (cluster.isWorker) return await work(context)
    // Needed once in the life of a register: later starts do not load it.
    if (context.isNew && config.seeds === 'default')
      await (await import('./seeds/seeds.ts')).loadSeeds(context).catch(explainClock)
    await beginDay(context)
    const endChores = startChores(context)
    try {
      const { port } = config.workers > 1 ? await supervise(context, endChores) : await alone(context, endChores)
      await announce(port, context)
    } catch (error) {
      endChores()
      throw error
    }
  } catch (error) {
    await context.db.close()
    throw error
  }
}

/** @throws StartError where the clock is in doubt: the register was made, and its seeds were not entered. */
function explainClock(error: unknown): never {
  if (!(error instanceof AppError && error.code === 'clock')) throw error
  throw new StartError(`${error.message} Then enter the seeds with “npm run clausula -- seed”`)
}

/** One of several processes that answer; what has to be done once is done by the one that started it. */
async function work(context: AppContext): Promise<void> {
  const { server } = await serve(context)
  stopCleanly(server, context)
}

async function alone(context: AppContext, endChores: () => void): Promise<{ port: number }> {
  const { server, port } = await serve(context)
  stopCleanly(server, context, endChores)
  return { port }
}

/** Prints where the register is, and, while nobody can log in, the one-time link that makes the first admin. */
async function announce(port: number, { config, db }: AppContext): Promise<void> {
  const base = config.port === 0 ? `http://${config.host}:${port}` : config.baseUrl
  console.log(`Clausula is at ${base}`)
  if (await needsSetup(db)) console.log(`Make the first admin: ${base}/setup?token=${await issueSetupToken(db)}`)
}
