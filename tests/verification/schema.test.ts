import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { readCatalogue } from '../../src/database/engines/catalogue.ts'
import { schemaFile } from '../../src/verification/schema.ts'
import { verifyRegister } from '../../src/verification/verify.ts'
import { alteredCopy } from '../support/databases.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'

const engine = inject('engine')
let app: TestApp
let url: string
beforeAll(async () => {
  app = await startTestApp({ seeds: true })
  url = app.context.config.databaseUrl
})
afterAll(() => app.stop())

test('the file of the schema is what the migrations make', async () => {
  // `vitest -u` writes it anew after a migration.
  const lines = await readCatalogue(app.context.db.read)
  expect(lines.some((line) => line.startsWith('trigger '))).toBe(true)
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(schemaFile(engine))
  await app.close()
})

/** What somebody with the file might do to the schema; where the engines have other words, both. */
const ALTERED: [what: string, statements: Record<typeof engine, string>, says: RegExp][] = [
  [
    'a trigger taken out',
    { sqlite: 'drop trigger changes_are_not_updated', postgres: 'drop trigger changes_are_not_updated on changes' },
    /trigger changes_are_not_updated is missing/,
  ],
  [
    'a trigger put in',
    {
      sqlite:
        "create trigger zz after insert on sessions begin update users set role = 'admin' where id = new.user_id; end",
      postgres: `create function zz() returns trigger language plpgsql as $$ begin return new; end $$;
        create trigger zz after insert on sessions for each row execute function zz()`,
    },
    /(?:trigger|function) zz is none of the program’s/,
  ],
  [
    'a trigger that does something else',
    {
      sqlite: `drop trigger changes_are_not_updated; create trigger changes_are_not_updated before update on changes begin select 1; end`,
      postgres: `alter table changes disable trigger changes_are_not_updated`,
    },
    /trigger changes_are_not_updated is not as the program makes it/,
  ],
  [
    'a view in the place of a table',
    {
      sqlite: `alter table claim_ties rename to kept; create view claim_ties as select * from kept where 0`,
      postgres: `alter table claim_ties rename to kept; create view claim_ties as select * from kept where false`,
    },
    /the schema was altered: /,
  ],
  [
    'a column more',
    { sqlite: 'alter table users add column x text', postgres: 'alter table users add column x text' },
    /(?:table users is not as the program makes it|column users\.x is none)/,
  ],
  [
    'a column that is worked out',
    {
      sqlite: "alter table users add column x text generated always as ('admin')",
      postgres: "alter table users add column x text generated always as ('admin') stored",
    },
    /(?:table users is not as the program makes it|column users\.x is none)/,
  ],
  [
    'a table more',
    { sqlite: 'create table x (y text)', postgres: 'create table x (y text)' },
    /(?:table x|column x\.y) is none/,
  ],
  [
    'an index taken out',
    { sqlite: 'drop index standings_by_day', postgres: 'drop index standings_by_day' },
    /index standings_by_day is missing/,
  ],
  [
    'a column that may be empty',
    {
      sqlite: `pragma writable_schema = on;
        update sqlite_schema set sql = replace(sql, 'not null', '') where name = 'users'; pragma writable_schema = reset`,
      postgres: 'alter table users alter column email drop not null',
    },
    /users(?:\.email)? is not as the program makes it/,
  ],
]

describe('a register whose schema somebody altered', () => {
  test.each(ALTERED)('%s is found and named', async (_what, statements, says) => {
    const copy = await alteredCopy(url, statements[engine])
    onTestFinished(copy.remove)
    expect((await verifyRegister(copy.url)).fault).toMatch(says)
  })
})
