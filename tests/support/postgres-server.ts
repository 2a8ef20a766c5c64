import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { makeCluster, postgresPrograms, PostgresProcess } from './postgres-program.ts'
import { newFolder } from './folder.ts'

/** A real PostgreSQL server out of npm, on 127.0.0.1 only, with a folder of its own. */
export interface PostgresServer {
  /** The address of one of its databases. */
  url(database: string): string
  start(): Promise<void>
  stop(): Promise<void>
  /** A real streaming replica of it, for which it is stopped and started. */
  replicate(): Promise<Pick<PostgresServer, 'url' | 'start' | 'stop'>>
  /** Stops it and removes its folder. */
  remove(): Promise<void>
}

const PASSWORD = 'only for tests'

/** What a test does not look at need not survive a power cut; nothing here is that of a register which somebody keeps. */
const QUICK = [
  'fsync=off',
  'full_page_writes=off',
  'shared_buffers=64MB',
  'max_connections=200',
  'jit=off',
  'autovacuum=off',
  // A new database is a copy of another's files, and the system copies them quickest.
  'file_copy_method=clone',
]

/**
 * Makes a server and starts it. Its databases sort by the rules of a language, not by bytes, so that the order of lists rests on
 * what the register's own columns say.
 */
export async function startPostgres(settings: readonly string[] = QUICK): Promise<PostgresServer> {
  const { owner } = await postgresPrograms()
  const folder = newFolder('postgres')
  const data = join(folder, 'data')
  const password = join(folder, 'password')
  mkdirSync(data)
  writeFileSync(password, PASSWORD)
  if (owner) {
    chmodSync(folder, 0o755)
    for (const path of [data, password]) chownSync(path, owner.uid, owner.gid)
  }
  await makeCluster(data, password)
  const port = await freePort()
  const server = serverAt(data, port, settings)
  await server.start()
  const followers: PostgresProcess[] = []
  return {
    url: (database) => addressOf(port, database),
    start: () => server.start(),
    stop: () => server.stop(),
    replicate: async () => {
      const copy = join(folder, 'replica')
      await server.stop()
      await PostgresProcess.copyFolder(data, copy)
      writeFileSync(join(copy, 'standby.signal'), '')
      await server.start()
      const ownPort = await freePort()
      const source = `primary_conninfo=host=127.0.0.1 port=${port} user=postgres password='${PASSWORD}'`
      const follower = serverAt(copy, ownPort, [...settings, source])
      followers.push(follower)
      await follower.start()
      return {
        url: (database) => addressOf(ownPort, database),
        start: () => follower.start(),
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

function serverAt(folder: string, port: number, settings: readonly string[]): PostgresProcess {
  const own = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', ...settings]
  return new PostgresProcess(folder, own)
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
