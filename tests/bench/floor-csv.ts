import { once } from 'node:events'
import SqliteConnection from 'better-sqlite3'

/** What stands in for the program `sqlite3` where there is none: the rows of a query as CSV, one after the other. */
const [file = '', query = ''] = process.argv.slice(2)
const CHARACTERS_PER_CHUNK = 65_536
const db = new SqliteConnection(file, { readonly: true })

let chunk = ''
for (const row of db.prepare<[], (string | number | null)[]>(query).raw().iterate()) {
  chunk += `${row.map(cell).join(',')}\r\n`
  if (chunk.length < CHARACTERS_PER_CHUNK) continue
  if (!process.stdout.write(chunk)) await once(process.stdout, 'drain')
  chunk = ''
}
process.stdout.write(chunk)
db.close()

function cell(value: string | number | null): string {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
