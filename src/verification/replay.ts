import { hash } from 'node:crypto'
import { type AgreementParts, FACT_COLUMNS } from '../database/tables/agreements.ts'
import { listColumns, partsPortrait } from '../agreements/agreement.ts'
import { fold } from '../names/name.ts'
import type { ChangedFields, ToldStored } from '../history/change.ts'
import { fieldText } from '../history/fields.ts'
import { readTold } from '../history/told.ts'
import { Fault, isSameValue } from './fault.ts'
import { comparePosition, type StoredChange, type StoredPosition } from './positions.ts'
import { comparePresent, type PartRows, type StoredRow, type StoredVersion } from './present.ts'

/** Tell about the change itself rather than about the agreement. */
const CONTEXT = new Set(['effective_on', 'sources', 'position', 'corrects', 'reverts', 'reference', 'stored'])
/** A status changed together with who takes over. */
const SUCCESSION = ['parties', 'relations', 'successor']
const PARTS_KINDS = new Set(['agreement_created', 'agreement_edited', 'edit_reverted'])
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
  readonly #sources: readonly number[]
  #fields: ChangedFields = {}
  /** The parts of the last version read: most versions have those of the one before. */
  #kept: { text: string; parts: AgreementParts; fields: ChangedFields; columns: [string, unknown][] } | null = null

  constructor(
    row: StoredRow,
    changes: readonly StoredChange[],
    versions: readonly StoredVersion[],
    positions: readonly StoredPosition[],
    parts: PartRows,
    sources: readonly number[],
  ) {
    this.#row = row
    this.#changes = changes
    this.#versions = versions
    this.#positions = positions
    this.#parts = parts
    this.#sources = sources
  }

  /** @throws Fault naming the first entry that does not fit. */
  check(): void {
    const { reference, created_at } = this.#row
    if (created_at !== this.#changes[0]?.recorded_at)
      throw new Fault(`${reference} does not say of created_at what change ${this.#changes[0]?.id} says`)
    const positions = new Map(this.#positions.map((position) => [position.change_id, position]))
    for (const [index, change] of this.#changes.entries()) {
      const version = this.#versions[index]
      if (change.version !== index + 1 || version?.version !== index + 1)
        throw new Fault(`version ${index + 1} of ${reference} is missing, or change ${change.id} does not tell it`)
      const before = readTold(change.kind, change.before) ?? {}
      const after = readTold(change.kind, change.after) ?? {}
      this.#apply(change, before, after, version)
      this.#compareVersion(change, after, version)
      if (POSITION_KINDS.has(change.kind))
        comparePosition({ reference, change, after, all: this.#positions }, positions)
    }
    this.#compareSources()
    if (this.#versions.length !== this.#changes.length)
      throw new Fault(`version ${this.#changes.length + 1} of ${reference} follows from no change`)
    const [stray] = positions.values()
    if (stray) throw new Fault(`position ${stray.id} of ${reference} follows from no change`)
    const newest = this.#versions.at(-1)
    if (newest) comparePresent(this.#row, newest, this.#read(newest.parts).parts, this.#parts)
  }

  /** Those that it was entered from; entries of earlier versions did not tell them. */
  #compareSources(): void {
    const [entered] = this.#changes
    const stored = entered && (readTold(entered.kind, entered.after)?.['stored'] as ToldStored | undefined)
    const told = stored?.sources?.toSorted((a, b) => a - b) ?? []
    if (stored && !isSameValue(this.#sources, told))
      throw new Fault(
        `${this.#row.reference} was entered from other sources (agreement_sources) than change ${entered.id} says`,
      )
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
    if (!keepsTold(change, after, version.parts, this.#versions[version.version - 2]?.parts))
      throw new Fault(`${what} does not keep the parts that the change says`)
    if (version.title_sort !== fold(version.title)) throw new Fault(`${what} is not in order by its title (title_sort)`)
    if (version.recorded_from !== change.recorded_at || version.updated_at !== change.recorded_at)
      throw new Fault(`${what} was not recorded when its change was`)
    if (version.recorded_to !== (next?.recorded_from ?? null))
      throw new Fault(`${what} does not end where the next begins`)
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
}

/** Whether a version keeps the parts that its change says; where that says nothing of them, those of the version before. */
function keepsTold({ kind }: StoredChange, after: ChangedFields, parts: string, before: string | undefined): boolean {
  const told = after['stored'] as ToldStored | undefined
  if (told?.parts !== undefined) return hash('sha256', parts) === told.parts
  // Entries of earlier versions told parts in words only, which are compared field by field.
  const isTouched = SUCCESSION.some((field) => after[field] !== undefined)
  return parts === before || (told === undefined && (PARTS_KINDS.has(kind) || isTouched))
}
