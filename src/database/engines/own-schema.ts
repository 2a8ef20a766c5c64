import { type Kysely, sql } from 'kysely'
import { engineOf, type PerEngine } from './engine.ts'

// A file of SQLite is one program's. A database of PostgreSQL has several schemas, of which others may have theirs.

const words: PerEngine<<Tables>(db: Kysely<Tables>) => Promise<string | undefined>> = {
  sqlite: async () => undefined,
  postgres: async (db) => {
    const { rows } = await sql<{ schema: string }>`select current_schema() as schema`.execute(db)
    return rows[0]?.schema
  },
}

/** The schema in which the register's tables are, as Kysely tells it of a table; undefined where there are none. */
export async function ownSchema<Tables>(db: Kysely<Tables>): Promise<string | undefined> {
  return words[engineOf(db)](db)
}
