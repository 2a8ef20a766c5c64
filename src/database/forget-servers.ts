import { type Kysely, sql } from 'kysely'
import { PARTLY_RECORDED, PASSING_TABLES } from './all-tables.ts'
import type { Schema } from './schema.ts'

/**
 * Takes out of a database what belongs to the servers that were on it, and not to the register: who was logged in, the secret that
 * signs cookies, one-time links. Whoever serves it next makes them anew.
 */
export async function forgetServers(db: Kysely<Schema>): Promise<void> {
  for (const table of PASSING_TABLES) await sql`delete from ${sql.table(table)}`.execute(db)
  for (const { name, key, kept } of PARTLY_RECORDED)
    await sql`delete from ${sql.table(name)} where ${sql.ref(key)} not in (${sql.join(kept)})`.execute(db)
}
