import { hash } from 'node:crypto'
import type { ChangeKind } from '../words/change-kind.ts'

/** The fields that a change touched, with their values; arrays hold one text for each element. */
export type ChangedFields = Record<string, string | number | boolean | null | string[]>

/** An entry as it is hashed and stored: `before` and `after` are JSON texts. */
export interface ChangeEntry {
  id: number
  recorded_at: string
  actor: number
  kind: ChangeKind
  subject: string
  agreement: number | null
  version: number | null
  before: string | null
  after: string | null
  reason: string | null
}

/**
 * The SHA-256 (hex) of an entry together with the hash of the one before it, so that no entry can be edited,
 * dropped or put in behind the register's back without breaking every later one.
 */
export function hashChange(previousHash: string, entry: ChangeEntry): string {
  const { id, recorded_at, actor, kind, subject, agreement, version, before, after, reason } = entry
  const fields = [previousHash, id, recorded_at, actor, kind, subject, agreement, version, before, after, reason]
  return hash('sha256', JSON.stringify(fields))
}

/** Kept beside the fields in `after`, but context rather than a field of its own. */
const CONTEXT_FIELDS = new Set(['effective_on', 'sources'])

/** One field of a change: its value before and after, null where there was none. */
export interface FieldChange {
  field: string
  before: string | null
  after: string | null
}

/** The fields that a change touched, in the order they were recorded. */
export function fieldChanges(before: ChangedFields | null, after: ChangedFields | null): FieldChange[] {
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  return [...fields]
    .filter((field) => !CONTEXT_FIELDS.has(field))
    .map((field) => ({ field, before: asText(before?.[field]), after: asText(after?.[field]) }))
}

function asText(value: ChangedFields[string] | undefined): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return Array.isArray(value) ? value.join('; ') : String(value)
}

/** Only the fields that differ between two portraits of the same thing; null when none does. */
export function difference(
  before: ChangedFields,
  after: ChangedFields,
): { before: ChangedFields; after: ChangedFields } | null {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (field) => JSON.stringify(before[field] ?? null) !== JSON.stringify(after[field] ?? null),
  )
  if (fields.length === 0) return null
  const pick = (from: ChangedFields) => Object.fromEntries(fields.map((field) => [field, from[field] ?? null]))
  return { before: pick(before), after: pick(after) }
}

/** The fields that have a value; what a new thing is recorded with. */
export function filled(fields: ChangedFields): ChangedFields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)),
  )
}

export interface ListedChange {
  id: number
  recorded_at: string
  actor: string
  kind: ChangeKind
  reference: string | null
  agreement_title: string | null
  subject: string
  version: number | null
  before: ChangedFields | null
  after: ChangedFields | null
  reason: string | null
  hash: string
}
