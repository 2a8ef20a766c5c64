import type { Schema } from './schema.ts'

type Name = keyof Schema

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
}

/**
 * Every table of a register, those that are recorded in an order in which each row comes after those that it refers to; read by copies
 * and dumps, by what numbers rows, and by what makes the derived ones anew. The columns are in `tables/`.
 */
export const TABLES = {
  users: { key: ['id'], holds: 'recorded', numbered: true },
  settings: { key: ['key'], holds: 'recorded' },
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
  sessions: { key: ['id_hash'], holds: 'recorded' },
  standings: { key: ['id'], holds: 'derived', numbered: true },
  agreement_links: { key: ['agreement_id', 'link', 'other_id', 'known_from'], holds: 'derived' },
  agreement_texts: { key: ['id'], holds: 'derived', numbered: true },
  log_in_failures: { key: ['key'], holds: 'passing' },
} as const satisfies Record<Name, Table>

const ROWS: Record<Name, Table> = TABLES
const NAMES = Object.keys(ROWS) as Name[]

/** A table of what is recorded. */
export type RecordedTable = {
  [One in Name]: (typeof TABLES)[One]['holds'] extends 'recorded' ? One : never
}[Name]

/** Those that are recorded, in their order. */
export const RECORDED_TABLES = NAMES.filter((name): name is RecordedTable => ROWS[name].holds === 'recorded')
/** Those that follow from them. */
export const DERIVED_TABLES = NAMES.filter((name) => ROWS[name].holds === 'derived')
/** Those whose rows the database numbers. */
export const NUMBERED_TABLES = NAMES.filter((name) => ROWS[name].numbered)

/** What is told of one of them. */
export function tableNamed(name: Name): Table {
  return ROWS[name]
}
