import { type Kysely, sql } from 'kysely'

/**
 * A denial counts against a position only from its day on, and a claim without a day of effect from the day from which it counts
 * (`src/claims/contested.ts`): what is contested is worked out anew.
 */
export async function up<Tables>(db: Kysely<Tables>): Promise<void> {
  // Tells the program to do so after the migration.
  await sql`insert into settings (key, value) select 'rebuild', '0004' where exists (select 1 from agreements)
    on conflict (key) do nothing`.execute(db)
}
