import {
  type AgreementParts,
  type AgreementsTable,
  type AgreementVersionsTable,
  FACT_COLUMNS,
  VERSIONED_COLUMNS,
} from '../database/tables/agreements.ts'
import { listColumns, partsPortrait } from '../agreements/agreement.ts'
import { referenceSort } from '../names/reference.ts'
import type { PositionsTable } from '../database/tables/evidence.ts'
import type { ChangedFields, ChangeEntry } from '../history/change.ts'
import { fieldText } from '../history/fields.ts'
import { readTold } from '../history/told.ts'
import { tellPosition } from '../standing/position.ts'
import { Fault, isSameValue } from './fault.ts'

type StoredRow = Omit<AgreementsTable, 'id'> & { id: number }
export type StoredVersion = AgreementVersionsTable
type StoredPosition = Omit<PositionsTable, 'id' | 'effective_day'> & { id: number }
type StoredChange = Pick<
  ChangeEntry,
  'id' | 'recorded_at' | 'actor' | 'kind' | 'version' | 'before' | 'after' | 'reason'
>

/** What belongs to the present row, as the tables have it. */
export interface PartRows {
  titles: { lang: string; title: string }[]
  parties: { party_id: number; role: string | null }[]
  places: { place_id: number; role: string }[]
  relations: { kind: string; other_id: number }[]
  notes: { field: string | null; value: string; url: string | null; note: string | null }[]
}

/** Tell about the change itself rather than about the agreement. */
const CONTEXT = new Set(['effective_on', 'sources', 'position', 'corrects', 'reverts', 'reference'])
const POSITION_KINDS = new Set(['agreement_created', 'status_changed', 'position_corrected'])

/** The columns of a version that the history has as fields of their own. */
const COLUMNS = [...FACT_COLUMNS, 'status', 'means', 'status_since'] as const satisfies (keyof StoredVersion)[]
const COLUMN_NAMES: ReadonlySet<string> = new Set(COLUMNS)

/** Plays the changes of one agreement again, from its entry on, and compares what is stored with what they say. */
export class Replay {
  readonly #row: StoredRow
  readonly #changes: readonly StoredChange[]
  readonly #versions: readonly StoredVersion[]
  readonly #positions: readonly StoredPosition[]
  readonly #parts: PartRows
  #fields: ChangedFields = {}
  /** The parts of the last version read: most versions have those of the one before. */
  #kept: { text: string; parts: AgreementParts; fields: ChangedFields; columns: [string, unknown][] } | null = null

  constructor(
    row: StoredRow,
    changes: readonly StoredChange[],
    versions: readonly StoredVersion[],
    positions: readonly StoredPosition[],
    parts: PartRows,
  ) {
    this.#row = row
    this.#changes = changes
    this.#versions = versions
    this.#positions = positions
    this.#parts = parts
  }

  /** @throws Fault naming the first entry that does not fit. */
  check(): void {
    const { reference } = this.#row
    const positions = new Map(this.#positions.map((position) => [position.change_id, position]))
    for (const [index, change] of this.#changes.entries()) {
      const version = this.#versions[index]
      if (change.version !== index + 1 || version?.version !== index + 1)
        throw new Fault(`version ${index + 1} of ${reference} is missing, or change ${change.id} does not tell it`)
      const before = readTold(change.kind, change.before) ?? {}
      const after = readTold(change.kind, change.after) ?? {}
      this.#apply(change, before, after, version)
      this.#compareVersion(change, after, version)
      if (POSITION_KINDS.has(change.kind)) this.#comparePosition(change, after, positions)
    }
    if (this.#versions.length !== this.#changes.length)
      throw new Fault(`version ${this.#changes.length + 1} of ${reference} follows from no change`)
    const [stray] = positions.values()
    if (stray) throw new Fault(`position ${stray.id} of ${reference} follows from no change`)
    this.#comparePresent()
  }

  #apply(change: StoredChange, before: ChangedFields, after: ChangedFields, version: StoredVersion): void {
    const { reference } = this.#row
    if (change.kind === 'agreement_created' && after['reference'] !== reference)
      throw new Fault(`${reference} was entered as ${fieldText('reference', after['reference'])} (change ${change.id})`)
    for (const [field, value] of Object.entries(before)) {
      if (!CONTEXT.has(field) && !isSameValue(this.#fields[field], value))
        throw new Fault(
          `change ${change.id} says that ${field} of ${reference} was something else than the changes before it say`,
        )
    }
    const { successor, ...fields } = after
    for (const [field, value] of Object.entries(fields)) if (!CONTEXT.has(field)) this.#fields[field] = value
    // Entries of the first version of this program told a successor in words: what became of the parts is not in them.
    if (successor !== undefined) {
      const { parties = null, relations = null } = this.#read(version.parts).fields
      Object.assign(this.#fields, { parties, relations })
    }
  }

  #compareVersion(change: StoredChange, after: ChangedFields, version: StoredVersion): void {
    const next = this.#versions[version.version]
    const { reference } = this.#row
    const what = `version ${version.version} of ${reference} (change ${change.id})`
    for (const field of this.#fieldsToCompare(version, after)) {
      if (!isSameValue(this.#fieldOf(version, field), this.#fields[field]))
        throw new Fault(`${what} does not say of ${field} what the changes say`)
    }
    for (const [column, value] of this.#read(version.parts).columns) {
      if (version[column as keyof StoredVersion] !== value) throw new Fault(`${what} lists ${column} wrongly`)
    }
    if (version.recorded_from !== change.recorded_at) throw new Fault(`${what} was not recorded when its change was`)
    if (version.recorded_to !== (next?.recorded_from ?? null))
      throw new Fault(`${what} does not end where the next begins`)
  }

  #comparePosition(change: StoredChange, after: ChangedFields, positions: Map<number | null, StoredPosition>): void {
    const { reference } = this.#row
    const position = positions.get(change.id)
    if (!position) throw new Fault(`the position that change ${change.id} recorded of ${reference} is missing`)
    positions.delete(change.id)
    const what = `position ${position.id} of ${reference}`
    const { status, means = null, effective_on } = after
    const told = after['position'] ?? { status, means, effective_on }
    const isTold =
      isSameValue(tellPosition(position), told) &&
      position.reason === change.reason &&
      position.recorded_at === change.recorded_at &&
      position.decided_by === change.actor
    if (!isTold) throw new Fault(`${what} is not what change ${change.id} says`)
    const corrected = this.#positions.find(({ id }) => id === position.corrects_id)
    if ((change.kind === 'position_corrected') !== (corrected !== undefined))
      throw new Fault(`${what} corrects another one than change ${change.id} says`)
    if (corrected && (after['corrects'] !== corrected.change_id || corrected.superseded_at !== change.recorded_at))
      throw new Fault(`${what} corrects another one than change ${change.id} says`)
    const correcting = this.#positions.some(({ corrects_id }) => corrects_id === position.id)
    if (position.superseded_at !== null && !correcting)
      throw new Fault(`${what} is superseded, and no change corrects it`)
  }

  /**
   * The fields in which a version could differ from what the changes say: those that the change touched, and those in which it is
   * not as the version before it, which was compared already.
   */
  #fieldsToCompare(version: StoredVersion, after: ChangedFields): Iterable<string> {
    const last = this.#versions[version.version - 2]
    if (last?.parts !== version.parts)
      return new Set([...COLUMNS, ...Object.keys(this.#read(version.parts).fields), ...Object.keys(this.#fields)])
    const fields = Object.keys(after).filter((field) => !CONTEXT.has(field) && field !== 'successor')
    for (const column of COLUMNS) if (version[column] !== last[column]) fields.push(column)
    return fields
  }

  #fieldOf(version: StoredVersion, field: string): unknown {
    if (field === 'title_is_descriptive') return version.title_is_descriptive === 1
    return COLUMN_NAMES.has(field)
      ? version[field as (typeof COLUMNS)[number]]
      : this.#read(version.parts).fields[field]
  }

  #read(text: string) {
    if (this.#kept?.text === text) return this.#kept
    const parts = JSON.parse(text) as AgreementParts
    return (this.#kept = { text, parts, fields: partsPortrait(parts), columns: Object.entries(listColumns(parts)) })
  }

  #comparePresent(): void {
    const { reference, reference_sort } = this.#row
    if (reference_sort !== referenceSort(reference)) throw new Fault(`${reference} is not in order by its reference`)
    const newest = this.#versions.at(-1)
    for (const column of VERSIONED_COLUMNS) {
      if (newest?.[column] !== this.#row[column])
        throw new Fault(
          `the present row of ${this.#row.reference} does not say of ${column} what its newest version says`,
        )
    }
    if (newest) this.#compareParts(this.#read(newest.parts).parts)
  }

  /** The tables of titles, parties, places, relations and notes have what the newest version kept. */
  #compareParts(kept: AgreementParts): void {
    const { titles, parties, places, relations, notes } = this.#parts
    const isSame =
      isSameValue(titles.map(titleOf), kept.titles.map(titleOf)) &&
      isSameValue(parties.map(partyOf), kept.parties.map(partyOf)) &&
      isSameValue(places.map(placeOf), kept.places.map(placeOf)) &&
      isSameValue(relations.map(relationOf).sort(), kept.relations.map(relationOf).sort()) &&
      isSameValue(notes.map(noteOf), kept.notes.map(noteOf))
    if (!isSame) throw new Fault(`what belongs to ${this.#row.reference} is not what its newest version says`)
  }
}

const titleOf = ({ lang, title }: PartRows['titles'][number]) => [lang, title]
const partyOf = ({ party_id, role }: PartRows['parties'][number]) => [party_id, role]
const placeOf = ({ place_id, role }: PartRows['places'][number]) => [place_id, role]
const relationOf = ({ kind, other_id }: PartRows['relations'][number]) => `${kind} ${other_id}`
const noteOf = ({ field, value, url, note }: PartRows['notes'][number]) => [field, value, url, note]
