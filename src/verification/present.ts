import {
  type AgreementParts,
  type AgreementsTable,
  type AgreementVersionsTable,
  VERSIONED_COLUMNS,
} from '../database/tables/agreements.ts'
import { referenceSort } from '../names/reference.ts'
import { Fault, isSameValue } from './fault.ts'

export type StoredRow = Omit<AgreementsTable, 'id'> & { id: number }
export type StoredVersion = AgreementVersionsTable

/** What belongs to the present row, as the tables have it. */
export interface PartRows {
  titles: { position: number; lang: string; title: string; note: string | null }[]
  parties: { position: number; party_id: number; role: string | null }[]
  places: { position: number; place_id: number; role: string }[]
  relations: { kind: string; other_id: number }[]
  notes: { position: number; field: string | null; value: string; url: string | null; note: string | null }[]
}

/**
 * Holds a present row, and what belongs to it, against the newest version.
 * @param kept what that version keeps of it
 * @throws Fault naming the agreement
 */
export function comparePresent(row: StoredRow, newest: StoredVersion, kept: AgreementParts, parts: PartRows): void {
  const { reference, reference_sort } = row
  if (reference_sort !== referenceSort(reference)) throw new Fault(`${reference} is not in order by its reference`)
  for (const column of VERSIONED_COLUMNS) {
    if (newest[column] !== row[column])
      throw new Fault(`the present row of ${reference} does not say of ${column} what its newest version says`)
  }
  compareParts(reference, kept, parts)
}

/** The tables of titles, parties, places, relations and notes have what the newest version kept. */
function compareParts(reference: string, kept: AgreementParts, rows: PartRows): void {
  const { titles, parties, places, relations, notes } = rows
  const isSame =
    isSameInOrder(titles, kept.titles, titleOf) &&
    isSameInOrder<{ party_id: number; role: string | null }>(parties, kept.parties, partyOf) &&
    isSameInOrder<{ place_id: number; role: string }>(places, kept.places, placeOf) &&
    isSameInOrder(notes, kept.notes, noteOf) &&
    isSameValue(relations.map(relationOf).sort(), kept.relations.map(relationOf).sort())
  if (!isSame) throw new Fault(`what belongs to ${reference} is not what its newest version says`)
}

/** That rows say what was kept, numbered from 1. */
function isSameInOrder<Part>(
  rows: readonly (Part & { position: number })[],
  kept: readonly Part[],
  saidBy: (part: Part) => unknown[],
) {
  return isSameValue(
    rows.map((row) => [row.position, ...saidBy(row)]),
    kept.map((part, index) => [index + 1, ...saidBy(part)]),
  )
}

const titleOf = ({ lang, title, note }: AgreementParts['titles'][number]) => [lang, title, note]
const partyOf = ({ party_id, role }: { party_id: number; role: string | null }) => [party_id, role]
const placeOf = ({ place_id, role }: { place_id: number; role: string }) => [place_id, role]
const relationOf = ({ kind, other_id }: PartRows['relations'][number]) => `${kind} ${other_id}`
const noteOf = ({ field, value, url, note }: AgreementParts['notes'][number]) => [field, value, url, note]
