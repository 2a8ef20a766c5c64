import { StartError } from '../../../errors.ts'

/** The one line for a file that cannot be used. */
export function unusable(file: string, error: unknown): StartError {
  return new StartError(`the database ${file} cannot be used: ${explain(error)}`)
}

/** Why SQLite would not, in words for the operator. */
function explain(error: unknown): string {
  const { code = '', message } = error as { code?: string; message: string }
  if (code.startsWith('SQLITE_NOTADB')) return 'it is not a SQLite database; nothing was changed in it'
  if (code.startsWith('SQLITE_CORRUPT')) return 'it is damaged; restore a backup, nothing was changed in it'
  if (code.startsWith('SQLITE_READONLY')) return 'it is read-only; give the program the right to write'
  if (code.startsWith('SQLITE_CANTOPEN')) return 'it cannot be opened; see that the folder exists and may be written'
  if (code.startsWith('SQLITE_FULL') || code === 'ENOSPC') return 'the disk is full'
  return message
}

/** True where a row is not taken: it is there already, refers to what is not there, or holds what it may not. */
export function isConstraint(code: string): boolean {
  return /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/.test(code)
}

/** True for an error of the file itself: disk full, read-only, busy for too long. */
export function isSqliteFailure(code: string): boolean {
  return /^SQLITE_(FULL|IOERR|READONLY|BUSY|LOCKED|CORRUPT|CANTOPEN|NOTADB)/.test(code)
}
