import { join } from 'node:path'
import type { EngineName } from '../../src/database/engines/engine.ts'
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts'
import { outputOf, startNode } from './children.ts'
import { copyRegister, settings } from './register.ts'

/** A register on the engine that is measured. */
export interface Target {
  engine: EngineName
  url: string
  end(): Promise<void>
}

/** A copy of the register in a file of its own. */
export async function onSqlite(made: string, folder: string): Promise<Target> {
  const file = join(folder, 'clausula.db')
  copyRegister(made, file)
  return { engine: 'sqlite', url: `sqlite:${file}`, end: async () => {} }
}

/** As a server comes out of the box, but for the memory that one of this size would be given; what it says is written is on the disk. */
const POSTGRES = ['shared_buffers=1GB', 'effective_cache_size=3GB', 'max_wal_size=8GB', 'work_mem=32MB']

/** The same register in a real PostgreSQL server on this machine, and how long copying it took, in seconds. */
export async function onPostgres(made: string, say: (line: string) => void): Promise<Target & { copiedIn: number }> {
  const server: PostgresServer = await startPostgres(POSTGRES)
  const url = server.url('postgres')
  say('Copying the register into PostgreSQL')
  const began = performance.now()
  await outputOf(startNode('src/cli.ts', ['copy', '--from', `sqlite:${made}`, '--to', url], settings(`sqlite:${made}`)))
  return { engine: 'postgres', url, copiedIn: (performance.now() - began) / 1000, end: () => server.remove() }
}
