import { type Kysely, PostgresAdapter } from 'kysely'

/** The engines that can keep a register. */
export type EngineName = 'sqlite' | 'postgres'

/**
 * What differs between the engines, side by side. Whatever the rest of the program says to a database is said in the words of
 * both; each file of this folder is about one thing that is not.
 */
export type PerEngine<Words> = Readonly<Record<EngineName, Words>>

/** Which engine answers the queries of a reader or a transaction. */
export function engineOf<Tables>(db: Kysely<Tables>): EngineName {
  return db.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite'
}
