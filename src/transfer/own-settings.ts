import type { Schema } from '../database/schema.ts'

type Table = keyof Schema

/**
 * What a register consists of, in an order in which each row comes after those that it refers to; with the columns that find a row,
 * by which it is read. What follows from it (standings, links, the words to search by) is worked out anew.
 */
export const RECORDED = {
  users: ['id'],
  settings: ['key'],
  parties: ['id'],
  party_names: ['party_id', 'position'],
  places: ['id'],
  place_names: ['place_id', 'position'],
  agreements: ['id'],
  changes: ['id'],
  agreement_versions: ['agreement_id', 'version'],
  agreement_titles: ['agreement_id', 'lang'],
  agreement_parties: ['agreement_id', 'position'],
  agreement_places: ['agreement_id', 'position'],
  agreement_relations: ['agreement_id', 'kind', 'other_id'],
  agreement_notes: ['agreement_id', 'position'],
  sources: ['id'],
  agreement_sources: ['agreement_id', 'source_id'],
  claims: ['id'],
  claim_agreements: ['claim_id', 'agreement_id'],
  positions: ['id'],
  position_claims: ['position_id', 'claim_id'],
  position_sources: ['position_id', 'source_id'],
  claim_settlements: ['id'],
  claim_ties: ['claim_id', 'known_from'],
  sessions: ['id_hash'],
} as const satisfies Partial<Record<Table, readonly string[]>>

export type RecordedTable = keyof typeof RECORDED
export const RECORDED_TABLES = Object.keys(RECORDED) as RecordedTable[]

/** Settings that belong to a database, not to the register in it. */
export const OWN_SETTINGS = ['writer', 'rebuild', 'incoming']

/** Columns that the database works out by itself. */
export const WORKED_OUT: Partial<Record<RecordedTable, readonly string[]>> = { positions: ['effective_day'] }
