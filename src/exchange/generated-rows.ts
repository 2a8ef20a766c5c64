import type { Insertable } from 'kysely'
import { bulkInsert } from '../database/bulk-insert.ts'
import type { Schema } from '../database/schema.ts'
import { indexAgreement, type SearchText } from '../database/search.ts'
import type { Unit } from '../database/unit.ts'
import { type ChangedFields, type ChangeKind, hashChange } from '../history/change.ts'

/** The tables of made-up rows, those that others refer to first. */
const TABLES = [
  'agreements',
  'agreement_titles',
  'agreement_parties',
  'agreement_places',
  'positions',
  'claims',
  'claim_agreements',
  'agreement_versions',
  'changes',
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

/** Collects the rows of one unit and writes them together; gives out the ids and hashes that they need before that. */
export class RowBuffer {
  readonly unit: Unit
  readonly #rows = new Map<MadeTable, object[]>(TABLES.map((table) => [table, []]))
  readonly #search: { id: number; text: SearchText }[] = []

  constructor(unit: Unit) {
    this.unit = unit
  }

  add<Table extends MadeTable>(table: Table, row: Insertable<Schema[Table]>): void {
    this.#rows.get(table)?.push(row)
  }

  index(id: number, text: SearchText): void {
    this.#search.push({ id, text })
  }

  /** Adds an entry to the history, chained to the one before it. */
  record({ before, after, ...change }: MadeChange): void {
    const { unit } = this
    const entry = {
      id: unit.head.id + 1,
      recorded_at: unit.at,
      actor: unit.actor.id,
      ...change,
      before: before === null ? null : JSON.stringify(before),
      after: JSON.stringify(after),
    }
    const hash = hashChange(unit.head.hash, entry)
    this.add('changes', { ...entry, hash })
    unit.head = { id: entry.id, hash }
  }

  async write(): Promise<void> {
    for (const table of TABLES) await bulkInsert(this.unit.trx, table, this.#rows.get(table) as never)
    for (const { id, text } of this.#search) await indexAgreement(this.unit.trx, id, text)
  }
}
