import type { ChangeKind } from '../../words/change-kind.ts'

// The history: every change, in order, each with the hash of all before it.

export interface ChangesTable {
  id: number
  recorded_at: string
  actor: number
  kind: ChangeKind
  /** What it is about, such as `agreement:12` or `user:3`. */
  subject: string
  agreement: number | null
  version: number | null
  /** JSON objects that hold only the fields that changed. */
  before: string | null
  after: string | null
  reason: string | null
  hash: string
}
