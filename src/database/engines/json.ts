import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { EngineName, PerEngine } from './engine.ts'

// JSON is kept as the text that was hashed, on both engines, and looked into where a query needs one of its fields.

interface JsonWords {
  field(column: string, key: string): RawBuilder<string | null>
  has(column: string, key: string): RawBuilder<SqlBool>
  /** The condition that a column holds JSON or nothing, in the words of a table's definition. */
  valid(column: string): string
}

const words: PerEngine<JsonWords> = {
  sqlite: {
    field: (column, key) => sql<string | null>`json_extract(${sql.ref(column)}, ${sql.lit(`$.${key}`)})`,
    has: (column, key) => sql<SqlBool>`json_type(${sql.ref(column)}, ${sql.lit(`$.${key}`)}) is not null`,
    valid: (column) => `json_valid(${column})`,
  },
  postgres: {
    field: (column, key) => sql<string | null>`(cast(${sql.ref(column)} as jsonb) ->> ${sql.lit(key)}) collate "C"`,
    has: (column, key) => sql<SqlBool>`cast(${sql.ref(column)} as jsonb) ? ${sql.lit(key)}`,
    valid: (column) => `cast(${column} as jsonb) is not null`,
  },
}

/** A field of an object, as text; null where it is not there. */
export function jsonField(engine: EngineName, column: string, key: string): RawBuilder<string | null> {
  return words[engine].field(column, key)
}

/** That an object has a field, even if it is null. */
export function jsonHas(engine: EngineName, column: string, key: string): RawBuilder<SqlBool> {
  return words[engine].has(column, key)
}

/** For a table's definition: that a column holds JSON. */
export function jsonValid(engine: EngineName, column: string): string {
  return words[engine].valid(column)
}
