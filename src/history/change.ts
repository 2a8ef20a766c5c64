import { hash } from 'node:crypto'
import type { PartialDate } from '../time/partial-date.ts'
import type { ChangeKind } from '../words/change-kind.ts'
import type { Stance } from '../words/claim.ts'
import type { CitedSource } from '../words/source.ts'
import type { Means, Status } from '../words/status.ts'

/** A position as an entry tells it. */
export interface ToldPosition {
  status: Status
  means: Means | null
  effective_on: PartialDate
}

/** What a claim that was decided about says. */
export interface ToldClaim {
  asserted_by: string
  stance: Stance
  status: Status
}

/** A source as it was when an entry quoted it. */
export type ToldSource = CitedSource & { id: number }

/**
 * What an entry wrote into the tables that its words do not tell, so that a verification can hold them against it: numbers of rows,
 * names as they were entered, and SHA-256 digests (hex) of what is long or secret. Pages and CSV leave it out.
 */
export interface ToldStored {
  /** The digest of the JSON in which the version keeps what belongs to the agreement. */
  parts?: string
  /** The claims that a position rests on. */
  claims?: readonly number[]
  /** The sources that a position rests on by themselves, or that an agreement was entered from. */
  sources?: readonly number[]
  status_fit?: 'exact' | 'approximate'
  names?: readonly { name: string; lang: string | null }[]
  latitude?: number | null
  longitude?: number | null
  /** The digest of an account's address and of the hash of its password. */
  credential?: string
}

/** What an entry says of one field: data, never words that a reader sees; an array has an element for each value. */
export type ToldValue =
  | string
  | number
  | boolean
  | null
  | ToldPosition
  | ToldClaim
  | ToldStored
  | readonly string[]
  | readonly (ToldSource | string)[]

/** The fields that a change touched, with their values. */
export type ChangedFields = Record<string, ToldValue>

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
