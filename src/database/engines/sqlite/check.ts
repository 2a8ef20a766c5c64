import SqliteConnection from 'better-sqlite3'
import { unusable } from './failure.ts'

/**
 * Looks at every page of a file that nobody has open.
 * @param shown how the file is called where it is told of
 * @throws StartError when it is damaged.
 */
export function checkFile(file: string, shown: string): void {
  try {
    const connection = new SqliteConnection(file, { readonly: true })
    try {
      const [answer] = connection.pragma('integrity_check(1)') as { integrity_check: string }[]
      if (answer?.integrity_check !== 'ok')
        throw Object.assign(new Error(answer?.integrity_check), { code: 'SQLITE_CORRUPT' })
    } finally {
      connection.close()
    }
  } catch (error) {
    throw unusable(shown, error)
  }
}
