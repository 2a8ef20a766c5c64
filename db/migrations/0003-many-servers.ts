import { type Kysely, sql } from 'kysely'
import { columnWords } from '../../src/database/engines/columns.ts'
import { engineOf } from '../../src/database/engines/engine.ts'
import { createWriter } from '../../src/database/engines/one-writer.ts'

/** What several server processes share: failed attempts to log in, and the one writer's lock. */
export async function up<Tables>(db: Kysely<Tables>): Promise<void> {
  const engine = engineOf(db)
  const { integer, text, instant } = columnWords(engine)
  const statements = [
    `create table log_in_failures (
      key ${text} primary key not null,
      failures ${integer} not null check (failures >= 0),
      expires_at ${text} not null ${instant('expires_at')}
    )`,
    `create index log_in_failures_by_expiry on log_in_failures (expires_at)`,
    ...createWriter(engine),
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}
