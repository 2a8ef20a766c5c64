import type { Schema } from './schema.ts'

export type TableName = keyof Schema

interface Table {
  /** The columns that find a row, by which rows are read in order. */
  key: readonly string[]
  /**
   * `recorded`: the register is this, and a copy or a dump has it. `derived`: follows from what is recorded, and is made anew from it.
   * `passing`: belongs to the servers on this database, and is nobody's loss.
   */
  holds: 'recorded' | 'derived' | 'passing'
  /** Its rows have a number, which the database gives them unless it is told one. */
  numbered?: true
  /** Columns that the database works out by itself. */
  workedOut?: readonly string[]
  /** The keys of those of its rows that are recorded: no copy and no dump has another. */
  only?: readonly string[]
}

/**
 * Settings that tell how the tables of one database are: whether something has to be made anew, or has come in part. They stay where
 * those tables are. What is neither here nor recorded belongs to the servers, such as the secret that signs cookies.
 */
const OF_DATABASE: readonly string[] = ['writer', 'rebuild', 'incoming']

/**
 * Every table of a register, those that are recorded in an order in which each row comes after those that it refers to; read by copies
 * and dumps, by what numbers rows, and by what makes the derived ones anew. The columns are in `tables/`.
 */
export const TABLES = {
  users: { key: ['id'], holds: 'recorded', numbered: true },
  settings: { key: ['key'], holds: 'recorded', only: ['in_effect_until'] },
  parties: { key: ['id'], holds: 'recorded', numbered: true },
  party_names: { key: ['party_id', 'position'], holds: 'recorded' },
  places: { key: ['id'], holds: 'recorded', numbered: true },
  place_names: { key: ['place_id', 'position'], holds: 'recorded' },
  agreements: { key: ['id'], holds: 'recorded', numbered: true },
  changes: { key: ['id'], holds: 'recorded' },
  agreement_versions: { key: ['agreement_id', 'version'], holds: 'recorded' },
  agreement_titles: { key: ['agreement_id', 'lang'], holds: 'recorded' },
  agreement_parties: { key: ['agreement_id', 'position'], holds: 'recorded' },
  agreement_places: { key: ['agreement_id', 'position'], holds: 'recorded' },
  agreement_relations: { key: ['agreement_id', 'kind', 'other_id'], holds: 'recorded' },
  agreement_notes: { key: ['agreement_id', 'position'], holds: 'recorded' },
  sources: { key: ['id'], holds: 'recorded', numbered: true },
  agreement_sources: { key: ['agreement_id', 'source_id'], holds: 'recorded' },
  claims: { key: ['id'], holds: 'recorded', numbered: true },
  claim_agreements: { key: ['claim_id', 'agreement_id'], holds: 'recorded' },
  positions: { key: ['id'], holds: 'recorded', numbered: true, workedOut: ['effective_day'] },
  position_claims: { key: ['position_id', 'claim_id'], holds: 'recorded' },
  position_sources: { key: ['position_id', 'source_id'], holds: 'recorded' },
  claim_settlements: { key: ['id'], holds: 'recorded', numbered: true },
  claim_ties: { key: ['claim_id', 'known_from'], holds: 'recorded' },
  standings: { key: ['id'], holds: 'derived', numbered: true },
  agreement_links: { key: ['agreement_id', 'link', 'other_id', 'known_from'], holds: 'derived' },
  agreement_texts: { key: ['id'], holds: 'derived', numbered: true },
  sessions: { key: ['id_hash'], holds: 'passing' },
  log_in_failures: { key: ['key'], holds: 'passing' },
} as const satisfies Record<TableName, Table>

const ROWS: Record<TableName, Table> = TABLES
const NAMES = Object.keys(ROWS) as TableName[]

/** A table of what is recorded. */
export type RecordedTable = {
  [One in TableName]: (typeof TABLES)[One]['holds'] extends 'recorded' ? One : never
}[TableName]

/** Those that are recorded, in their order. */
export const RECORDED_TABLES = NAMES.filter(isRecordedTable)
/** Whether a table is one of those. */
export function isRecordedTable(name: TableName): name is RecordedTable {
  return ROWS[name].holds === 'recorded'
}

/** Those that follow from them. */
export const DERIVED_TABLES = NAMES.filter((name) => ROWS[name].holds === 'derived')
/** Those that are the servers' own. */
export const PASSING_TABLES = NAMES.filter((name) => ROWS[name].holds === 'passing')
/** Those whose rows the database numbers. */
export const NUMBERED_TABLES = NAMES.filter((name) => ROWS[name].numbered)

/** Of recorded tables that hold more than what is recorded: which rows stay in a file that is handed on. */
export const PARTLY_RECORDED = NAMES.flatMap((name) => {
  const { only, key } = ROWS[name]
  return only === undefined ? [] : [{ name, key: key[0] ?? '', kept: [...only, ...OF_DATABASE] }]
})

/** What a dump may have, in its order: those of the first format had tables of the servers too, behind the others. */
export const DUMPED_TABLES = [...RECORDED_TABLES, ...PASSING_TABLES]

/** What is told of one of them. */
export function tableNamed(name: TableName): Table {
  return ROWS[name]
}
