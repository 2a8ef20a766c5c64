import { FACT_COLUMNS, listColumns, portrait, type AgreementParts } from '../agreements/agreement.ts'
import type { AgreementsTable, AgreementVersionsTable, PositionsTable } from '../database/schema.ts'
import type { ChangedFields, ChangeEntry } from '../history/change.ts'
import { describePosition } from '../positions/position.ts'
import { Fault, isSameValue } from './fault.ts'

type StoredRow = Omit<AgreementsTable, 'id'> & { id: number }
export type StoredVersion = AgreementVersionsTable
type StoredPosition = Omit<PositionsTable, 'id' | 'effective_day'> & { id: number }
type StoredChange = Pick<
  ChangeEntry,
  'id' | 'recorded_at' | 'actor' | 'kind' | 'version' | 'before' | 'after' | 'reason'
>

/** Tell about the change itself rather than about the agreement. */
const CONTEXT = new Set(['effective_on', 'sources', 'position', 'corrects', 'reverts', 'reference'])
const POSITION_KINDS = new Set(['agreement_created', 'status_changed', 'position_corrected'])

/** The columns that a version and the present row share. */
const SHARED = [
  ...FACT_COLUMNS,
  'title_sort',
  'status',
  'means',
  'status_since',
  'version',
  'party_names',
  'countries',
  'place_names',
  'original_title',
  'original_title_lang',
  'updated_at',
] as const satisfies (keyof StoredRow & keyof StoredVersion)[]

/** Plays the changes of one agreement again, from its entry on, and compares what is stored with what they say. */
export class Replay {
  readonly #row: StoredRow
  readonly #changes: readonly StoredChange[]
  readonly #versions: readonly StoredVersion[]
  readonly #positions: readonly StoredPosition[]
  #fields: ChangedFields = {}

  constructor(
    row: StoredRow,
    changes: readonly StoredChange[],
    versions: readonly StoredVersion[],
    positions: readonly StoredPosition[],
  ) {
    this.#row = row
    this.#changes = changes
    this.#versions = versions
    this.#positions = positions
  }

  /** @throws Fault naming the first entry that does not fit. */
  check(): void {
    const { reference } = this.#row
    const positions = new Map(this.#positions.map((position) => [position.change_id, position]))
    for (const [index, change] of this.#changes.entries()) {
      const version = this.#versions[index]
      if (change.version !== index + 1 || version?.version !== index + 1)
        throw new Fault(`version ${index + 1} of ${reference} is missing, or change ${change.id} does not tell it`)
      const [before, after] = [parsed(change.before), parsed(change.after)]
      this.#apply(change, before, after, version)
      this.#compareVersion(change, version, this.#versions[index + 1])
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
      throw new Fault(`${reference} was entered as ${String(after['reference'])} (change ${change.id})`)
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
      const { parties, relations } = portraitOf(version)
      Object.assign(this.#fields, { parties, relations })
    }
  }

  #compareVersion(change: StoredChange, version: StoredVersion, next: StoredVersion | undefined): void {
    const { reference } = this.#row
    const what = `version ${version.version} of ${reference} (change ${change.id})`
    const stored = portraitOf(version)
    for (const field of new Set([...Object.keys(stored), ...Object.keys(this.#fields)])) {
      if (!isSameValue(stored[field], this.#fields[field]))
        throw new Fault(`${what} does not say of ${field} what the changes say`)
    }
    const parts = JSON.parse(version.parts) as AgreementParts
    for (const [column, value] of Object.entries(listColumns(parts))) {
      if (!isSameValue(version[column as keyof StoredVersion], value))
        throw new Fault(`${what} lists ${column} wrongly`)
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
    const told =
      after['position'] ??
      describePosition({
        ...position,
        status: after['status'],
        means: after['means'] ?? null,
        effective_on: after['effective_on'],
      } as StoredPosition)
    const isTold =
      describePosition(position) === told &&
      position.reason === change.reason &&
      position.recorded_at === change.recorded_at &&
      position.decided_by === change.actor
    if (!isTold) throw new Fault(`${what} is not what change ${change.id} says`)
    const corrected = this.#positions.find(({ id }) => id === position.corrects_id)
    if ((change.kind === 'position_corrected') !== (corrected !== undefined))
      throw new Fault(`${what} corrects another one than change ${change.id} says`)
    if (
      corrected &&
      (after['corrects'] !== `change ${corrected.change_id}` || corrected.superseded_at !== change.recorded_at)
    )
      throw new Fault(`${what} corrects another one than change ${change.id} says`)
    const correcting = this.#positions.some(({ corrects_id }) => corrects_id === position.id)
    if (position.superseded_at !== null && !correcting)
      throw new Fault(`${what} is superseded, and no change corrects it`)
  }

  #comparePresent(): void {
    const newest = this.#versions.at(-1)
    for (const column of SHARED) {
      if (newest?.[column] !== this.#row[column])
        throw new Fault(
          `the present row of ${this.#row.reference} does not say of ${column} what its newest version says`,
        )
    }
  }
}

function portraitOf(version: StoredVersion): ChangedFields {
  const { status, means, status_since } = version
  return { ...portrait(version, JSON.parse(version.parts) as AgreementParts), status, means, status_since }
}

function parsed(json: string | null): ChangedFields {
  return json === null ? {} : (JSON.parse(json) as ChangedFields)
}
