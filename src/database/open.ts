import type { Database } from './database.ts'
import { type Limits, UNHURRIED_LIMITS } from '../limits.ts'
import { locate } from './locate.ts'

/**
 * Opens the register at an address: `sqlite:PATH` makes the file where there is none, `postgres://…` needs a database that is there.
 * @param replicaUrl a server that follows it, for those who only read
 * @param limits what reading may take; whoever opens it for one long piece of work of their own gives none
 * @throws StartError when it cannot be used, saying why.
 */
export async function openDatabase(
  url: string,
  { replicaUrl, limits = UNHURRIED_LIMITS }: { replicaUrl?: string | undefined; limits?: Limits } = {},
): Promise<Database> {
  const { engine, target } = locate(url)
  // The other engine's client stays out of memory.
  if (engine === 'sqlite') return (await import('./engines/sqlite/open.ts')).openSqlite(target, limits)
  return (await import('./engines/postgres/open.ts')).openPostgres(target, replicaUrl, limits)
}
