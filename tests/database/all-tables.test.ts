import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { RECORDED_TABLES, type RecordedTable, TABLES, tableNamed } from '../../src/database/all-tables.ts'
import type { Reader } from '../../src/database/schema.ts'
import { ownTables } from '../../src/database/engines/own-tables.ts'
import { columnsOf } from '../support/columns.ts'
import { testOnSqlite } from '../support/databases.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ seeds: true })
})
afterAll(() => app.stop())

/** The columns that a database has, those that it works out by itself among them. */
async function databaseColumns(db: Reader) {
  const query =
    inject('engine') === 'sqlite'
      ? sql<{ name: string; column: string }>`select owner.name as name, col.name as "column"
          from sqlite_schema as owner, pragma_table_xinfo(owner.name) as col where owner.type = 'table'`
      : sql<{ name: string; column: string }>`select table_name as name, column_name as "column"
          from information_schema.columns where table_schema = current_schema()`
  return (await query.execute(db)).rows
}

const names = Object.keys(TABLES) as (keyof typeof TABLES)[]

describe('the table of tables', () => {
  test('has every table of a migrated database, but for the search index and what tells of migrations', async () => {
    const there = await ownTables(app.context.db.read)
    const own = there.filter((name) => !/^(?:kysely_migration|agreement_search)/.test(name))
    expect(own.toSorted()).toEqual(names.toSorted())
  })

  test.each(names)('finds each row of %s by its key', async (name) => {
    const { key } = tableNamed(name)
    const columns = sql.join(key.map((column) => sql.ref(column)))
    const { rows } =
      await sql`select ${columns} from ${sql.table(name)} group by ${columns} having count(*) > 1`.execute(
        app.context.db.read,
      )
    expect(rows).toEqual([])
  })

  test('has tables with the columns that their types have', async () => {
    const there = new Map<string, string[]>()
    for (const { name, column } of await databaseColumns(app.context.db.read))
      there.set(name, [...(there.get(name) ?? []), column].toSorted())
    for (const name of names) expect([name, there.get(name)]).toEqual([name, columnsOf(name).toSorted()])
  })

  testOnSqlite('has what a recorded table refers to before it', async () => {
    const { rows } = await sql<{ name: RecordedTable; other: RecordedTable }>`
      select owner.name as name, refers."table" as other from sqlite_schema as owner, pragma_foreign_key_list(owner.name) as refers
      where owner.type = 'table' and owner.name <> refers."table"`.execute(app.context.db.read)
    const place = (name: RecordedTable) => RECORDED_TABLES.indexOf(name)
    const recorded = rows.filter(({ name }) => place(name) >= 0)
    expect(recorded.length).toBeGreaterThan(20)
    expect(recorded.filter(({ name, other }) => place(other) >= place(name))).toEqual([])
  })
})
