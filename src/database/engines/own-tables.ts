import { type Kysely, sql } from 'kysely'
import { engineOf, type PerEngine } from './engine.ts'

// A file of SQLite is one program's. A database of PostgreSQL has several schemas, of which others may have theirs; the views of
// extensions are nobody's.

const words = {
  sqlite: sql<{
    name: string
  }>`select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'`,
  postgres: sql<{ name: string }>`select tablename as name from pg_tables where schemaname = current_schema()`,
} satisfies PerEngine<unknown>

/** The names of the tables that are there, where the register's own are. */
export async function ownTables<Tables>(db: Kysely<Tables>): Promise<string[]> {
  const { rows } = await words[engineOf(db)].execute(db)
  return rows.map(({ name }) => name)
}
