import { type RawBuilder, type SqlBool, sql } from 'kysely'

/** Agreements that are read together: from one number to another, both included. */
export interface Range {
  from: number
  to: number
}

export function within(column: string, { from, to }: Range): RawBuilder<SqlBool> {
  return sql<SqlBool>`${sql.ref(column)} between ${from} and ${to}`
}
