import { type Kysely, sql } from 'kysely'
import { referenceSort } from '../../src/names/reference.ts'
import { columnWords } from '../../src/database/engines/columns.ts'
import { engineOf } from '../../src/database/engines/engine.ts'

/**
 * References sort by their parts, the running number as a number. A denial counts against a position only from its day on, and a
 * claim without a day of effect from the day from which it counts (`src/standing/contested.ts`): what is contested is worked out anew.
 */
export async function up<Tables>(db: Kysely<Tables>): Promise<void> {
  const { text } = columnWords(engineOf(db))
  await sql.raw(`alter table agreements add column reference_sort ${text} not null default ''`).execute(db)
  await sortByReference(db)
  await sql.raw(`create index agreements_by_reference_sort on agreements (reference_sort, id)`).execute(db)
  // Tells the program to do so after the migration.
  await sql`insert into settings (key, value) select 'rebuild', '0004' where exists (select 1 from agreements)
    on conflict (key) do nothing`.execute(db)
}

const ROWS_AT_ONCE = 1_000

async function sortByReference<Tables>(db: Kysely<Tables>): Promise<void> {
  for (let last = 0; ;) {
    const { rows } = await sql<{ id: number; reference: string }>`
      select id, reference from agreements where id > ${last} order by id limit ${ROWS_AT_ONCE}`.execute(db)
    const values = rows.map(({ id, reference }) => sql`(${sql.lit(id)}, ${sql.lit(referenceSort(reference))})`)
    if (values.length === 0) return
    // Both engines call the columns of `values` so.
    await sql`update agreements set reference_sort = sorted.column2 from (values ${sql.join(values)}) as sorted
      where sorted.column1 = agreements.id`.execute(db)
    last = rows.at(-1)?.id ?? last
  }
}
