import type { Database } from '../database/database.ts'
import { StartError } from '../errors.ts'
import { writeDump } from './dump.ts'
import { makeFile } from './file.ts'

/** How files of SQLite are called. */
const SQLITE_FILE = /\.(?:db|sqlite3?)$/i
const DUMP_FILE = /\.jsonl\.gz$/i

/** The ending of the backup that fits an engine best. */
export function backupEnding({ engine }: Pick<Database, 'engine'>): string {
  return engine === 'sqlite' ? '.db' : '.jsonl.gz'
}

/**
 * Writes one state of the register into a file while others go on writing to it: a SQLite file, or a dump that either engine takes.
 * @throws StartError when the file is there, cannot be written, or has an ending that says neither.
 */
export async function backUp(db: Database, file: string): Promise<void> {
  if (DUMP_FILE.test(file)) return makeFile(file, (partial) => dumpInto(db, partial))
  if (!SQLITE_FILE.test(file))
    throw new StartError(
      `the name of ${file} does not say what to write: end it with .db (a SQLite file) or .jsonl.gz (a dump)`,
    )
  if (!db.backUp)
    throw new StartError(
      `a register in PostgreSQL is backed up as a dump: end the name with .jsonl.gz, not as ${file} does`,
    )
  const { backUp: copy } = db
  await makeFile(file, (partial) => copy(partial))
}

async function dumpInto(db: Database, file: string): Promise<void> {
  const snapshot = await db.snapshot()
  try {
    await writeDump(snapshot, file)
  } finally {
    await snapshot.close()
  }
}
