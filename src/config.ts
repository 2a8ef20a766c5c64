import { z } from 'zod'
import { refuseAddress } from './database/locate.ts'
import { StartError } from './errors.ts'

const flag = z.enum(['true', 'false'], { error: 'must be true or false' }).transform((value) => value === 'true')

const databaseAddress = z.string().superRefine((url, context) => {
  const message = refuseAddress(url)
  if (message !== undefined) context.addIssue({ code: 'custom', message })
})

const settings = z.object({
  PORT: z.coerce
    .number({ error: 'must be a port number from 0 to 65535' })
    .int('must be a whole number')
    .min(0, 'must be 0 or more')
    .max(65535, 'must be 65535 or less')
    .default(3000),
  HOST: z.string().min(1, 'must not be empty').default('127.0.0.1'),
  DATABASE_URL: databaseAddress.default('sqlite:data/clausula.db'),
  CLAUSULA_BASE_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https address' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  CLAUSULA_SEEDS: z.enum(['default', 'none'], { error: 'must be default or none' }).default('default'),
  CLAUSULA_PUBLIC: flag.default(true),
  CLAUSULA_FOUR_EYES: z
    .literal('false', { error: 'must be false: approval by a second person is not built yet' })
    .default('false'),
  CLAUSULA_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be fatal, error, warn, info, debug, trace or silent',
    })
    .default('info'),
})

export interface Config {
  port: number
  host: string
  /** Address of the register: `sqlite:PATH` or `postgres://…`. */
  databaseUrl: string
  /** Begins every permalink; no slash at the end. */
  baseUrl: string
  seeds: 'default' | 'none'
  /** False: reading needs an account. */
  public: boolean
  /** Signs cookies; made and kept in the database when not set. */
  secret: string | undefined
  logLevel: string
}

/**
 * Reads the settings from the environment; an empty variable counts as not set.
 * @throws StartError naming the first wrong setting.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const result = settings.safeParse(given)
  if (!result.success) {
    const issue = result.error.issues[0]
    throw new StartError(`${String(issue?.path[0])} ${issue?.message}`)
  }
  const set = result.data
  return {
    port: set.PORT,
    host: set.HOST,
    databaseUrl: set.DATABASE_URL,
    baseUrl: set.CLAUSULA_BASE_URL ?? `http://${set.HOST.includes(':') ? `[${set.HOST}]` : set.HOST}:${set.PORT}`,
    seeds: set.CLAUSULA_SEEDS,
    public: set.CLAUSULA_PUBLIC,
    secret: set.CLAUSULA_SECRET,
    logLevel: set.LOG_LEVEL,
  }
}
