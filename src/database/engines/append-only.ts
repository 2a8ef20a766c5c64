import type { EngineName, PerEngine } from './engine.ts'

/** A row that the database itself refuses to write. */
export interface Refusal {
  /** The trigger's name. */
  name: string
  event: 'insert' | 'update' | 'delete'
  table: string
  /** What whoever tries it is told. */
  message: string
  /** When it is refused, in terms of `old` and `new`; always where there is none. */
  when?: string
}

interface AppendOnlyWords {
  /** What has to be there before the first refusal. */
  prepare: readonly string[]
  refuse(refusal: Refusal): readonly string[]
  allow(name: string, table: string): readonly string[]
  /** Whether an insert can take the place of a row that is there, so that each table has to refuse that as well. */
  insertReplaces: boolean
}

// SQLite raises in the trigger itself and needs `recursive_triggers` for the deletions of INSERT OR REPLACE. In PostgreSQL a trigger
// calls a function, an insert never replaces, and TRUNCATE, which asks no row, is refused by a trigger of its own.
const words: PerEngine<AppendOnlyWords> = {
  sqlite: {
    prepare: [],
    refuse: ({ name, event, table, message, when }) => [
      `
  create trigger ${name} before ${event} on ${table} ${when === undefined ? '' : `when ${when}`}
  begin select raise(abort, '${message}'); end`,
    ],
    allow: (name) => [`drop trigger ${name}`],
    insertReplaces: true,
  },
  postgres: {
    prepare: [
      `create function refuse() returns trigger language plpgsql as
       $$ begin raise exception '%', tg_argv[0] using errcode = 'integrity_constraint_violation'; end $$`,
    ],
    refuse: ({ name, event, table, message, when }) => [
      `create trigger ${name} before ${event} on ${table} for each row ${when === undefined ? '' : `when (${when})`}
       execute function refuse('${message}')`,
      ...(event === 'delete'
        ? [`create trigger ${name}_at_once before truncate on ${table} execute function refuse('${message}')`]
        : []),
    ],
    allow: (name, table) => [`drop trigger ${name} on ${table}`],
    insertReplaces: false,
  },
}

/** The statements that come before the first refusal. */
export function prepareRefusals(engine: EngineName): readonly string[] {
  return words[engine].prepare
}

/** The statements that make the database refuse a write. */
export function refuse(engine: EngineName, refusal: Refusal): readonly string[] {
  return words[engine].refuse(refusal)
}

/** The same for an insert over a row that is there. */
export function refuseReplacing(engine: EngineName, refusal: Omit<Refusal, 'event'>): readonly string[] {
  return words[engine].insertReplaces ? refuse(engine, { ...refusal, event: 'insert' }) : []
}

/** The statements that take a refusal back, so that another can take its place. */
export function allow(engine: EngineName, name: string, table: string): readonly string[] {
  return words[engine].allow(name, table)
}
