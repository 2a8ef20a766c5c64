import { z } from 'zod'
import { locate, refuseAddress } from './database/locate.ts'
import { StartError } from './errors.ts'
import { readProxies } from './forms/proxies.ts'
import { isZone } from './time/zone.ts'

const flag = z.enum(['true', 'false'], { error: 'must be true or false' }).transform((value) => value === 'true')

const databaseAddress = z.string().superRefine((url, context) => {
  const message = refuseAddress(url)
  if (message !== undefined) context.addIssue({ code: 'custom', message })
})

/** A setting with a default, which is read as if it were given. */
function setting<Schema extends z.ZodType>(schema: Schema, otherwise: string & z.input<Schema>, does: string) {
  return {
    schema: schema.prefault(otherwise as Exclude<z.input<Schema>, undefined>),
    otherwise: `\`${otherwise}\``,
    does,
  }
}

/** A setting that may be left out; `otherwise` says what happens then. */
function optional<Schema extends z.ZodType>(schema: Schema, otherwise: string, does: string) {
  return { schema: schema.optional(), otherwise, does }
}

/** Every setting: how it is read, what counts when it is not given, and what it does, as README.md has them. */
export const SETTINGS = {
  PORT: setting(
    z.coerce
      .number({ error: 'must be a port number from 0 to 65535' })
      .int('must be a whole number')
      .min(0, 'must be 0 or more')
      .max(65535, 'must be 65535 or less'),
    '3000',
    'where it listens; `0` takes a free port',
  ),
  HOST: setting(z.string().min(1, 'must not be empty'), '127.0.0.1', 'at which of the machine’s addresses'),
  DATABASE_URL: setting(
    databaseAddress,
    'sqlite:data/clausula.db',
    'the register’s one file, or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`',
  ),
  DATABASE_REPLICA_URL: optional(
    databaseAddress,
    'none',
    'a PostgreSQL server that follows it and answers those who only read',
  ),
  CLAUSULA_WORKERS: setting(
    z.coerce
      .number({ error: 'must be a whole number from 1 to 64' })
      .int('must be a whole number')
      .min(1, 'must be 1 or more')
      .max(64, 'must be 64 or less'),
    '1',
    'how many processes answer on this machine',
  ),
  CLAUSULA_BACKUP_DIR: optional(z.string(), 'none', 'a folder in which backups are kept'),
  CLAUSULA_BACKUP_HOURS: setting(
    z.coerce
      .number({ error: 'must be a number of hours' })
      .min(0.25, 'must be 0.25 or more')
      .max(8760, 'must be 8760 or less'),
    '24',
    'how old the newest of them may be',
  ),
  CLAUSULA_BACKUP_KEEP: setting(
    z.coerce
      .number({ error: 'must be a whole number from 1 to 10000' })
      .int('must be a whole number')
      .min(1, 'must be 1 or more')
      .max(10_000, 'must be 10000 or less'),
    '14',
    'how many of them stay',
  ),
  CLAUSULA_BASE_URL: optional(
    z
      .url({ protocol: /^https?$/, error: 'must be an http or https address' })
      .transform((url) => url.replace(/\/+$/, '')),
    'from host and port',
    'begins the permalinks in exports; with `https` cookies go over https only, and HSTS is sent',
  ),
  CLAUSULA_SEEDS: setting(
    z.enum(['default', 'none'], { error: 'must be default or none' }),
    'default',
    '`none`: a new register starts empty',
  ),
  CLAUSULA_PUBLIC: setting(flag, 'true', '`false`: reading needs an account'),
  CLAUSULA_NAMES: setting(
    z.enum(['members', 'public'], { error: 'must be members or public' }),
    'members',
    'who sees by name who did what: those who are logged in, or (`public`) everybody',
  ),
  CLAUSULA_PROXIES: optional(
    z.string().transform(readProxies),
    'none',
    'addresses or ranges of the proxies whose `X-Forwarded-For` is believed, parted by commas',
  ),
  CLAUSULA_FOUR_EYES: setting(
    z.literal('false', { error: 'must be false: approval by a second person is not built yet' }),
    'false',
    'approval by a second person is not built yet; another value stops the start',
  ),
  CLAUSULA_SECRET: optional(
    z.string().min(32, 'must have at least 32 characters'),
    'made, kept in the database',
    'signs cookies; at least 32 characters',
  ),
  CLAUSULA_SIGNING_KEY: optional(
    z.string(),
    'a file beside the data, made when it is first needed',
    'the file of the Ed25519 key (PEM) that signs the heads of the history',
  ),
  CLAUSULA_TIME_ZONE: setting(
    z.string().refine(isZone, 'must be a time zone of the IANA database such as UTC or Asia/Damascus'),
    'UTC',
    'whose day “today” is, such as `Asia/Damascus`; instants are told in UTC',
  ),
  LOG_LEVEL: setting(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be fatal, error, warn, info, debug, trace or silent',
    }),
    'info',
    '`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`',
  ),
}

const settings = z.object(
  Object.fromEntries(Object.entries(SETTINGS).map(([name, { schema }]) => [name, schema])) as {
    [Name in keyof typeof SETTINGS]: (typeof SETTINGS)[Name]['schema']
  },
)

export interface Config {
  port: number
  host: string
  /** Address of the register: `sqlite:PATH` or `postgres://…`. */
  databaseUrl: string
  /** A server that follows the one of `databaseUrl`, and answers those who only read. */
  replicaUrl: string | undefined
  /** How many processes answer requests. */
  workers: number
  /** Where a backup is made how often, and how many are kept. */
  backups: { folder: string; hours: number; keep: number } | undefined
  /** Begins every permalink; no slash at the end. */
  baseUrl: string
  seeds: 'default' | 'none'
  /** False: reading needs an account. */
  public: boolean
  /** Whether those without an account see the names of people who acted, or members only. */
  names: 'members' | 'public'
  /** The proxies, as addresses or ranges, whose word counts for where a request came from. */
  proxies: string[]
  /** Signs cookies; made and kept in the database when not set. */
  secret: string | undefined
  /** The file of the key that signs the heads of the history. */
  signingKey: string
  /** The IANA time zone whose day is today. */
  timeZone: string
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
  if (set.DATABASE_REPLICA_URL !== undefined && locate(set.DATABASE_URL).engine === 'sqlite')
    throw new StartError('DATABASE_REPLICA_URL must not be set where DATABASE_URL is a SQLite file: leave it out')
  return {
    port: set.PORT,
    host: set.HOST,
    databaseUrl: set.DATABASE_URL,
    replicaUrl: set.DATABASE_REPLICA_URL,
    workers: set.CLAUSULA_WORKERS,
    backups:
      set.CLAUSULA_BACKUP_DIR === undefined
        ? undefined
        : { folder: set.CLAUSULA_BACKUP_DIR, hours: set.CLAUSULA_BACKUP_HOURS, keep: set.CLAUSULA_BACKUP_KEEP },
    baseUrl: set.CLAUSULA_BASE_URL ?? `http://${set.HOST.includes(':') ? `[${set.HOST}]` : set.HOST}:${set.PORT}`,
    seeds: set.CLAUSULA_SEEDS,
    public: set.CLAUSULA_PUBLIC,
    names: set.CLAUSULA_NAMES,
    proxies: set.CLAUSULA_PROXIES ?? [],
    secret: set.CLAUSULA_SECRET,
    signingKey: set.CLAUSULA_SIGNING_KEY ?? besideData(set.DATABASE_URL),
    timeZone: set.CLAUSULA_TIME_ZONE,
    logLevel: set.LOG_LEVEL,
  }
}

/** A file beside the register, or in the folder where that is unless told otherwise. */
function besideData(url: string): string {
  const { engine, target } = locate(url)
  return engine === 'sqlite' ? `${target}.signing-key.pem` : 'data/signing-key.pem'
}
