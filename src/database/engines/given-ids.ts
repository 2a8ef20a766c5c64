import { sql } from 'kysely'
import { NUMBERED_TABLES } from '../all-tables.ts'
import type { Trx } from '../schema.ts'
import { engineOf, type PerEngine } from './engine.ts'

// SQLite gives a new row the number after the highest. PostgreSQL counts by itself, and has to be told of numbers that were given to
// rows without asking it: copied, restored, made up.

const words: PerEngine<(trx: Trx, table: string) => Promise<void>> = {
  sqlite: async () => {},
  postgres: async (trx, table) => {
    await sql`select setval(pg_get_serial_sequence(${table}, 'id'), (select coalesce(max(id), 1) from ${sql.table(table)}),
      exists (select 1 from ${sql.table(table)}))`.execute(trx)
  },
}

/** After rows were written with numbers of their own: new ones go on after the highest. */
export async function goOnAfterGivenIds(trx: Trx): Promise<void> {
  for (const table of NUMBERED_TABLES) await words[engineOf(trx)](trx, table)
}
