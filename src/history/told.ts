import { isPartialDate } from '../time/partial-date.ts'
import type { ChangeKind } from '../words/change-kind.ts'
import type { Stance } from '../words/claim.ts'
import { MEANS, type Means, type Status } from '../words/status.ts'
import type { ChangedFields, ToldClaim, ToldPosition, ToldValue } from './change.ts'

// Entries recorded up to November 2026 told positions and claims in the words that pages showed then. Their hashes vouch for those
// words, so they stay; here they are read as what they meant. This file is frozen: other words of today change nothing in it.

const STATUS_WORDS: Record<string, Status> = {
  Active: 'active',
  'Under review': 'under_review',
  Annulled: 'annulled',
  Reassigned: 'reassigned',
}
const STANCE_WORDS: Record<string, Stance> = { says: 'asserts', denies: 'denies', 'declines to confirm': 'declines' }
const MEANS_WORDS: ReadonlyMap<string, Means> = new Map(
  MEANS.map((means) => [means === 're_awarded' ? 're-awarded' : means.replaceAll('_', ' '), means]),
)

const POSITION = /^(Active|Under review|Annulled|Reassigned)(?: \(([^)]*)\))? from (\S+)$/
/** The speaker comes first and may be any words, so the last verb counts. */
const CLAIM = /^(.*) (says|denies|declines to confirm) (Active|Under review|Annulled|Reassigned)$/s

/** How each field that was told in words is read; what is not in the words of then stays as it is. */
const READERS: Record<string, (words: string) => ToldValue> = {
  position: toldPosition,
  claim: toldClaim,
  corrects: (words) => numberBehind('change', words),
  reverts: (words) => numberBehind('change', words),
  repeats: (words) => numberBehind('claim', words),
  repeated: (words) => numberBehind('claim', words),
}

/**
 * What an entry says, `before` or `after`, whenever it was recorded: data, in the order in which it was told.
 * @throws SyntaxError or TypeError for what is no object in JSON
 */
export function readTold(kind: ChangeKind, json: string | null): ChangedFields | null {
  if (json === null) return null
  const fields = JSON.parse(json) as ChangedFields | null
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) throw new TypeError('no fields')
  for (const [field, value] of Object.entries(fields)) {
    const read = READERS[field]
    if (read && typeof value === 'string') fields[field] = read(value)
  }
  // A claim that is recorded tells its speaker, stance and status as fields of their own.
  const { asserted_by, stance, status } = fields
  const isClaim = kind === 'claim_added' && asserted_by !== undefined
  return isClaim ? { claim: { asserted_by, stance, status } as ToldClaim, ...fields } : fields
}

function toldPosition(words: string): ToldPosition | string {
  const [, status = '', means, effective_on = ''] = POSITION.exec(words) ?? []
  const known = means === undefined ? null : MEANS_WORDS.get(means)
  if (!(status in STATUS_WORDS) || known === undefined || !isPartialDate(effective_on)) return words
  return { status: STATUS_WORDS[status] as Status, means: known, effective_on }
}

function toldClaim(words: string): ToldClaim | string {
  const [, asserted_by, verb = '', status = ''] = CLAIM.exec(words) ?? []
  if (asserted_by === undefined) return words
  return { asserted_by, stance: STANCE_WORDS[verb] as Stance, status: STATUS_WORDS[status] as Status }
}

function numberBehind(noun: string, words: string): number | string {
  const [, number] = new RegExp(`^${noun} ([1-9]\\d{0,14})$`).exec(words) ?? []
  return number === undefined ? words : Number(number)
}
