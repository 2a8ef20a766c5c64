import type { Insertable } from 'kysely'
import { bulkInsert } from '../database/engines/bulk-insert.ts'
import type { Schema } from '../database/schema.ts'
import { digestOf } from '../standing/search-text.ts'
import { type IndexedText, indexTexts, type SearchText } from '../database/engines/search.ts'
import type { Unit } from '../database/unit.ts'
import type { Known } from '../standing/standing.ts'
import { type ChangedFields, hashChange } from '../history/change.ts'
import type { ChangeKind } from '../words/change-kind.ts'

/** The tables of made-up rows, those that others refer to first. */
const TABLES = [
  'agreements',
  'changes',
  'agreement_titles',
  'agreement_parties',
  'agreement_places',
  'positions',
  'claims',
  'claim_agreements',
  'agreement_versions',
  'standings',
  'agreement_links',
  'agreement_texts',
] as const satisfies (keyof Schema)[]
type MadeTable = (typeof TABLES)[number]

interface MadeChange {
  kind: ChangeKind
  subject: string
  agreement: number
  version: number | null
  before: ChangedFields | null
  after: ChangedFields
  reason: string | null
}

/** The last ids that were given out, over all units. */
export type LastIds = Record<'agreements' | 'positions' | 'claims', number>

/** Collects the rows of one unit and writes them together; gives out the ids and hashes that they need before that. */
export class RowBuffer {
  readonly unit: Unit
  /** When what is added now was recorded; moves on within the unit, never back. */
  at: string
  readonly #last: LastIds
  readonly #rows = new Map<MadeTable, object[]>(TABLES.map((table) => [table, []]))
  readonly #search: IndexedText[] = []

  constructor(unit: Unit, last: LastIds) {
    this.unit = unit
    this.#last = last
    this.at = unit.at
  }

  nextId(table: keyof LastIds): number {
    return (this.#last[table] += 1)
  }

  add<Table extends MadeTable>(table: Table, row: Insertable<Schema[Table]>): void {
    this.#rows.get(table)?.push(row)
  }

  /** What an agreement is found by; its words have the agreement's id, since nobody edits them here. */
  index(id: number, text: SearchText, known: Known): void {
    this.add('agreement_texts', { id, agreement_id: id, digest: digestOf(text), ...known })
    this.#search.push({ id, text })
  }

  /** Adds an entry to the history, chained to the one before it. Its id. */
  record({ before, after, ...change }: MadeChange): number {
    const { unit } = this
    const entry = {
      id: unit.head.id + 1,
      recorded_at: this.at,
      actor: unit.actor,
      ...change,
      before: before === null ? null : JSON.stringify(before),
      after: JSON.stringify(after),
    }
    const hash = hashChange(unit.head.hash, entry)
    this.add('changes', { ...entry, hash })
    unit.head = { id: entry.id, hash }
    return entry.id
  }

  async write(): Promise<void> {
    for (const table of TABLES) await bulkInsert(this.unit.trx, table, this.#rows.get(table) as never)
    await indexTexts(this.unit.trx, this.#search)
  }
}
