import { type CompiledQuery, sql } from 'kysely'
import { type RecordedTable, tableNamed } from '../database/all-tables.ts'
import type { Snapshot } from '../database/database.ts'
import { BEFORE_THE_FIRST } from '../database/unit.ts'
import { headOfChanges } from '../history/queries.ts'
import type { Row } from './incoming.ts'

/** The hash of the newest change. */
export async function headOf({ read }: Pick<Snapshot, 'read'>): Promise<string> {
  return (await headOfChanges(read, null))?.hash ?? BEFORE_THE_FIRST.hash
}

/** A table's rows in the order of its key, after one of them or from the first; no more in memory than are read at once. */
export async function* rowsOf(
  snapshot: Snapshot,
  table: RecordedTable,
  after: Row | null = null,
): AsyncGenerator<{ rows: Row[]; last: Row }> {
  for await (const chunk of snapshot.stream(selectRows(snapshot, table, after))) {
    const last = chunk.at(-1)
    if (!last) continue
    const key = Object.fromEntries(tableNamed(table).key.map((column) => [column, last[column]]))
    yield { rows: chunk.map((row) => withoutWorkedOut(table, row)), last: key }
  }
}

function selectRows({ read }: Snapshot, table: RecordedTable, after: Row | null): CompiledQuery<Row> {
  const { key, only } = tableNamed(table)
  const columns = sql.join(key.map((column) => sql.ref(column)))
  const isBehind = after === null ? sql`1 = 1` : sql`(${columns}) > (${sql.join(key.map((column) => after[column]))})`
  const isRecorded = only === undefined ? sql`1 = 1` : sql`${columns} in (${sql.join(only)})`
  return sql<Row>`select * from ${sql.table(table)} where ${isRecorded} and ${isBehind} order by ${columns}`.compile(
    read,
  )
}

function withoutWorkedOut(table: RecordedTable, row: Row): Row {
  const { workedOut } = tableNamed(table)
  return workedOut === undefined
    ? row
    : Object.fromEntries(Object.entries(row).filter(([name]) => !workedOut.includes(name)))
}
