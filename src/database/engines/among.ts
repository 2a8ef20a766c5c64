import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Reader } from '../schema.ts'
import { engineOf, type PerEngine } from './engine.ts'

type Values = readonly number[] | readonly string[]

const words: PerEngine<(column: string, values: Values) => RawBuilder<SqlBool>> = {
  sqlite: (column, values) =>
    sql<SqlBool>`${sql.ref(column)} in (select value from json_each(${JSON.stringify(values)}))`,
  postgres: (column, values) =>
    sql<SqlBool>`${sql.ref(column)} = any (cast(${values} as ${sql.raw(typeof values[0] === 'string' ? 'text[]' : 'bigint[]')}))`,
}

/**
 * That a column has one of some values. They are given as one, since nobody knows how many they are: a statement takes no more than
 * 32,766 parameters in SQLite, and 65,535 in PostgreSQL.
 */
export function among(db: Reader, column: string, values: Values): RawBuilder<SqlBool> {
  return words[engineOf(db)](column, values)
}
