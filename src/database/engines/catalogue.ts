import { type Kysely, type RawBuilder, sql } from 'kysely'
import { engineOf, type PerEngine } from './engine.ts'

// What a database is made of, one line for each thing in it: tables, views, columns, keys, indexes, triggers and functions. Two
// databases with the same lines let the same things happen.

interface CatalogueWords {
  lines: RawBuilder<{ line: string }>
  /** Rows that refer to a row that is not there. */
  dangling: (db: Kysely<unknown>) => Promise<Dangling[]>
}

/** That rows of a table refer to rows of another that are not there. */
export interface Dangling {
  table: string
  parent: string
}

// SQLite keeps how each thing was made. Its own tables of statistics and numbers come and go.
const ofSqlite = sql<{ line: string }>`
  select type || ' ' || name || coalesce(': ' || sql, ' on ' || tbl_name) as line from sqlite_schema
  where name not like 'sqlite\\_s%' escape '\\'`

// PostgreSQL is asked for facts. What an extension brought is the extension's; NOT NULL is told with its column, since servers before
// 18 know no constraint for it.
const here = sql`current_schema()::regnamespace`
const inHere = (definition: RawBuilder<unknown>) => sql`replace(${definition}, current_schema() || '.', '')`
const notOfExtension = (catalogue: string, oid: string) =>
  sql`not exists (select 1 from pg_depend where classid = ${sql.lit(catalogue)}::regclass and objid = ${sql.ref(oid)} and deptype = 'e')`
const ofPostgres = sql<{ line: string }>`
  select case relkind when 'r' then 'table' when 'v' then 'view' when 'm' then 'view' when 'S' then 'sequence' else 'relation ' || relkind::text end
    || ' ' || relname || case when relrowsecurity then ' with row security' else '' end as line
    from pg_class where relnamespace = ${here} and relkind not in ('i', 'I', 't', 'c') and ${notOfExtension('pg_class', 'pg_class.oid')}
  union all
  select 'column ' || relname || '.' || attname || ' ' || format_type(atttypid, atttypmod)
    || case when attcollation <> 0 and attcollation <> (select typcollation from pg_type where oid = atttypid)
         then ' collate ' || (select collname from pg_collation where oid = attcollation) else '' end
    || case when attnotnull then ' not null' else '' end || case when attidentity <> '' then ' identity ' || attidentity::text else '' end
    || case when attgenerated <> '' then ' generated' else '' end || coalesce(' default ' || ${inHere(sql`pg_get_expr(adbin, adrelid)`)}, '')
    from pg_attribute join pg_class on pg_class.oid = attrelid left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where relnamespace = ${here} and relkind in ('r', 'v', 'm', 'p', 'f') and attnum > 0 and not attisdropped
      and ${notOfExtension('pg_class', 'pg_class.oid')}
  union all
  select 'constraint ' || conname || ' on ' || relname || ': ' || ${inHere(sql`pg_get_constraintdef(pg_constraint.oid)`)}
    || case when convalidated then '' else ' not valid' end
    from pg_constraint join pg_class on pg_class.oid = conrelid where relnamespace = ${here} and contype <> 'n'
  union all
  select 'index ' || indexname || ': ' || ${inHere(sql`indexdef`)} from pg_indexes where schemaname = current_schema()
  union all
  select 'trigger ' || tgname || ': ' || ${inHere(sql`pg_get_triggerdef(pg_trigger.oid)`)}
    || case tgenabled when 'O' then '' else ' disabled' end
    from pg_trigger join pg_class on pg_class.oid = tgrelid where relnamespace = ${here} and not tgisinternal
  union all
  select 'function ' || proname || ': ' || prosrc || case when prosecdef then ' as its owner' else '' end
    from pg_proc where pronamespace = ${here} and ${notOfExtension('pg_proc', 'pg_proc.oid')}
  union all
  select 'rule ' || rulename || ' on ' || tablename from pg_rules where schemaname = current_schema()
  union all
  select 'policy ' || policyname || ' on ' || tablename from pg_policies where schemaname = current_schema()`

const words: PerEngine<CatalogueWords> = {
  sqlite: {
    lines: ofSqlite,
    dangling: async (db) =>
      (await sql<Dangling>`select "table", parent from pragma_foreign_key_check`.execute(db)).rows,
  },
  postgres: { lines: ofPostgres, dangling: danglingInPostgres },
}

/** What a database is made of, in one order; each line without breaks. */
export async function readCatalogue<Tables>(db: Kysely<Tables>): Promise<string[]> {
  const { rows } = await words[engineOf(db)].lines.execute(db)
  return rows.map(({ line }) => line.replace(/\s+/g, ' ').trim()).sort()
}

/** Where rows refer to rows that are not there, which the engine refuses unless somebody told it not to look. */
export async function readDangling<Tables>(db: Kysely<Tables>): Promise<Dangling[]> {
  return words[engineOf(db)].dangling(db as unknown as Kysely<unknown>)
}

async function danglingInPostgres(db: Kysely<unknown>): Promise<Dangling[]> {
  const { rows: keys } = await sql<Dangling & { columns: string[]; others: string[] }>`
    select conrelid::regclass::text as "table", confrelid::regclass::text as parent,
      (select array_agg(attname::text order by place) from unnest(conkey) with ordinality as key (num, place)
        join pg_attribute on attrelid = conrelid and attnum = num) as columns,
      (select array_agg(attname::text order by place) from unnest(confkey) with ordinality as key (num, place)
        join pg_attribute on attrelid = confrelid and attnum = num) as others
    from pg_constraint where contype = 'f' and connamespace = ${here} order by 1, 2, conname`.execute(db)
  const found: Dangling[] = []
  for (const { table, parent, columns, others } of keys) {
    const isSame = sql.join(
      columns.map((column, index) => sql`child.${sql.ref(column)} = parent.${sql.ref(others[index] ?? '')}`),
      sql` and `,
    )
    const isGiven = sql.join(
      columns.map((column) => sql`child.${sql.ref(column)} is not null`),
      sql` and `,
    )
    const { rows } = await sql`select 1 from ${sql.table(table)} as child
      where ${isGiven} and not exists (select 1 from ${sql.table(parent)} as parent where ${isSame}) limit 1`.execute(
      db,
    )
    if (rows.length > 0) found.push({ table, parent })
  }
  return found
}
