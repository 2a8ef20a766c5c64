import { hash } from 'node:crypto'

export const CHANGE_KINDS = [
  'agreement_created',
  'agreement_edited',
  'status_changed',
  'position_took_effect',
  'position_corrected',
  'edit_reverted',
  'source_added',
  'source_edited',
  'claim_added',
  'claim_withdrawn',
  'claim_settled',
  'claim_reopened',
  'claim_tied',
  'claim_untied',
  'party_added',
  'party_name_added',
  'place_added',
  'place_name_added',
  'user_added',
  'user_role_changed',
  'user_disabled',
  'user_enabled',
  'user_password_changed',
  'user_signed_out',
] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

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

const KIND_LABELS: Record<ChangeKind, string> = {
  agreement_created: 'Agreement entered',
  agreement_edited: 'Agreement edited',
  status_changed: 'Status changed',
  position_took_effect: 'Position took effect',
  position_corrected: 'Position corrected',
  edit_reverted: 'Edit reverted',
  source_added: 'Source added',
  source_edited: 'Source edited',
  claim_added: 'Claim recorded',
  claim_withdrawn: 'Claim withdrawn',
  claim_settled: 'Claim settled',
  claim_reopened: 'Claim reopened',
  claim_tied: 'Claim tied to another',
  claim_untied: 'Claim stands for itself',
  party_added: 'Party added',
  party_name_added: 'Name of a party added',
  place_added: 'Place added',
  place_name_added: 'Name of a place added',
  user_added: 'Account added',
  user_role_changed: 'Role changed',
  user_disabled: 'Account disabled',
  user_enabled: 'Account enabled',
  user_password_changed: 'Password changed',
  user_signed_out: 'Signed out everywhere',
}

export function changeKindLabel(kind: ChangeKind): string {
  return KIND_LABELS[kind]
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
