import { CompiledQuery, type Insertable } from 'kysely'
import type { Schema, Trx } from './schema.ts'

/** SQLite binds at most 32,766 values to one statement. */
const MOST_VALUES = 2_000

const statements = new Map<string, string>()

/** Inserts many rows of the same shape, several to a statement; for registers that are made, not typed. */
export async function bulkInsert<Table extends keyof Schema>(
  trx: Trx,
  table: Table,
  rows: readonly Insertable<Schema[Table]>[],
): Promise<void> {
  const [first] = rows
  if (!first) return
  const columns = Object.keys(first) as (keyof typeof first)[]
  const most = Math.max(1, Math.floor(MOST_VALUES / columns.length))
  for (let start = 0; start < rows.length; start += most) {
    const chunk = rows.slice(start, start + most)
    const values = chunk.flatMap((row) => columns.map((column) => row[column]))
    await trx.executeQuery(CompiledQuery.raw(statement(table, columns as string[], chunk.length), values))
  }
}

function statement(table: string, columns: string[], rows: number): string {
  const key = `${table} ${columns.join()} ${rows}`
  const known = statements.get(key)
  if (known !== undefined) return known
  const row = `(${columns.map(() => '?').join(', ')})`
  const text = `insert into ${table} (${columns.join(', ')}) values ${Array.from({ length: rows }, () => row).join(', ')}`
  statements.set(key, text)
  return text
}
