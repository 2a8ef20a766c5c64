import { DUMPED_TABLES, type TableName, tableNamed } from '../database/all-tables.ts'
import type { Database } from '../database/database.ts'
import type { Row } from './incoming.ts'

/** What a column holds, beside null. */
type CellType = 'integer' | 'real' | 'text'

/** The columns of each table that a dump has, with what they hold. */
export type Columns = Record<TableName, Record<string, CellType>>

/** A table of a dump whose rows are being read. */
export interface Shape {
  table: TableName
  columns: readonly string[]
  types: readonly CellType[]
  /** The row before. */
  last: Row | undefined
}

/** The columns that this program's tables have, as a new SQLite file says. */
export async function readColumns(db: Database): Promise<Columns> {
  const found = new Map((await db.read.introspection.getTables()).map(({ name, columns }) => [name, columns]))
  return Object.fromEntries(
    DUMPED_TABLES.map((table) => {
      const workedOut = tableNamed(table).workedOut ?? []
      const columns = (found.get(table) ?? []).filter(({ name }) => !workedOut.includes(name))
      return [table, Object.fromEntries(columns.map(({ name, dataType }) => [name, dataType.toLowerCase()]))]
    }),
  ) as Columns
}

const HOLDS: Record<CellType, (value: unknown) => boolean> = {
  integer: Number.isSafeInteger,
  real: Number.isFinite,
  text: (value) => typeof value === 'string',
}

/** What is wrong with a row whose cells are not what their columns hold, in words; undefined where nothing is. */
export function wrongCell({ table, columns, types }: Shape, cells: readonly unknown[]): string | undefined {
  const at = cells.findIndex((cell, index) => cell !== null && !HOLDS[types[index] ?? 'text'](cell))
  if (at === -1) return undefined
  const is = Array.isArray(cells[at])
    ? 'an array'
    : typeof cells[at] === 'object'
      ? 'an object'
      : `a ${typeof cells[at]}`
  return `${columns[at]} of ${table} is ${is}, and has to be ${types[at] === 'text' ? 'text' : `a number (${types[at]})`} or null`
}

/** How the keys of two rows stand to each other: below 0 where the first comes first, 0 where they are the same. */
export function keyOrder(table: TableName, one: Row, other: Row): number {
  for (const column of tableNamed(table).key) {
    const order = compare(one[column], other[column])
    if (order !== 0) return order
  }
  return 0
}

/** As both engines order: numbers as such, texts byte by byte. */
function compare(one: unknown, other: unknown): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other
  return Buffer.compare(Buffer.from(String(one)), Buffer.from(String(other)))
}
