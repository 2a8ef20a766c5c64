import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { NUMBERED_TABLES } from '../../src/database/all-tables.ts'
import { testApp } from '../support/test-app.ts'

test('the tables that are numbered are those whose numbers the database gives', async () => {
  const app = await testApp()
  const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.columns
    where table_schema = current_schema() and is_identity = 'YES'`.execute(app.context.db.read)
  // Entries of the history could have theirs so, but the program counts them: none may be left out.
  expect(rows.map(({ name }) => name).toSorted()).toEqual(['changes', ...NUMBERED_TABLES].toSorted())
})
