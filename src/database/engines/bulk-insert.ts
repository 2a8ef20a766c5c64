import { CompiledQuery, type Insertable } from 'kysely'
import type { Schema, Trx } from '../schema.ts'
import { engineOf, type EngineName, type PerEngine } from './engine.ts'

/** SQLite binds at most 32,766 values to one statement, PostgreSQL 65,535. */
const MOST_VALUES = 2_000

const placeholder: PerEngine<(number: number) => string> = {
  sqlite: () => '?',
  postgres: (number) => `$${number}`,
}

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
    const text = statement(engineOf(trx), table, columns as string[], chunk.length)
    await trx.executeQuery(CompiledQuery.raw(text, values))
  }
}

function statement(engine: EngineName, table: string, columns: string[], rows: number): string {
  const key = `${engine} ${table} ${columns.join()} ${rows}`
  const known = statements.get(key)
  if (known !== undefined) return known
  const row = (index: number) =>
    `(${columns.map((_column, at) => placeholder[engine](index * columns.length + at + 1)).join(', ')})`
  const text = `insert into ${table} (${columns.join(', ')}) values ${Array.from({ length: rows }, (_row, index) => row(index)).join(', ')}`
  statements.set(key, text)
  return text
}
