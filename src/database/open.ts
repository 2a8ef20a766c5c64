import type { Database } from './database.ts'
import { locate } from './locate.ts'

/**
 * Opens the register at an address: `sqlite:PATH` makes the file where there is none, `postgres://…` needs a database that is there.
 * @param replicaUrl a server that follows it, for those who only read
 * @throws StartError when it cannot be used, saying why.
 */
export async function openDatabase(url: string, replicaUrl?: string): Promise<Database> {
  const { engine, target } = locate(url)
  // The other engine's client stays out of memory.
  if (engine === 'sqlite') return (await import('./engines/sqlite/open.ts')).openSqlite(target)
  return (await import('./engines/postgres/open.ts')).openPostgres(target, replicaUrl)
}
