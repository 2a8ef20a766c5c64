import type { Database } from './database.ts'
import { openPostgres } from './engines/postgres/open.ts'
import { openSqlite } from './engines/sqlite/open.ts'
import { locate } from './locate.ts'

/**
 * Opens the register at an address: `sqlite:PATH` makes the file where there is none, `postgres://…` needs a database that is there.
 * @param replicaUrl a server that follows it, for those who only read
 * @throws StartError when it cannot be used, saying why.
 */
export async function openDatabase(url: string, replicaUrl?: string): Promise<Database> {
  const { engine, target } = locate(url)
  return engine === 'sqlite' ? openSqlite(target) : openPostgres(target, replicaUrl)
}
