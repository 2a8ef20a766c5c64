import { sql } from 'kysely'
import type { Trx } from '../schema.ts'
import { engineOf, type EngineName, type PerEngine } from './engine.ts'

// One writer at a time, whatever process it is in: the history is one chain, and each entry needs the one before it. SQLite gives a
// file one writer from `begin immediate` on; in PostgreSQL every writer first takes the lock of one row, which other engines that
// speak its protocol know as well (advisory locks they often do not).

/** The row of `settings` that a writer locks. */
const WRITER_KEY = 'writer'

const words: PerEngine<(trx: Trx) => Promise<void>> = {
  sqlite: async () => {},
  postgres: async (trx) => {
    await sql`select value from settings where key = ${WRITER_KEY} for update`.execute(trx)
  },
}

/** Waits until no other transaction writes; to be called first in each that does. */
export async function becomeTheWriter(trx: Trx): Promise<void> {
  await words[engineOf(trx)](trx)
}

/** What a migration says so that there is something to lock. */
export function createWriter(engine: EngineName): readonly string[] {
  return engine === 'postgres' ? [`insert into settings (key, value) values ('${WRITER_KEY}', '')`] : []
}
