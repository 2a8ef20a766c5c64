import { describePosition } from '../standing/position.ts'
import { describeClaim } from '../words/claim.ts'
import { citeSource } from '../words/source.ts'
import type { ChangedFields, ToldValue } from './change.ts'

/** Kept beside the fields in `after`, but context rather than a field of its own, or not for readers. */
const CONTEXT_FIELDS = new Set(['effective_on', 'sources', 'stored'])

/** One field of a change in words: its value before and after, null where there was none. */
export interface FieldChange {
  field: string
  before: string | null
  after: string | null
}

/** What is told by a number only, and what it is the number of. */
const NUMBERED: Record<string, string> = { corrects: 'change', reverts: 'change', repeats: 'claim', repeated: 'claim' }

/** The fields that a change touched, in the order they were recorded. */
export function fieldChanges(before: ChangedFields | null, after: ChangedFields | null): FieldChange[] {
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  return [...fields]
    .filter((field) => !CONTEXT_FIELDS.has(field))
    .map((field) => ({ field, before: fieldText(field, before?.[field]), after: fieldText(field, after?.[field]) }))
}

/** What an entry says of a field, as a text; null where it says nothing. */
export function fieldText(field: string, value: ToldValue | undefined): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (isList(value)) return value.map(elementText).join('; ')
  if (typeof value !== 'object') return field in NUMBERED ? `${NUMBERED[field]} ${value}` : String(value)
  if ('stance' in value) return describeClaim(value)
  return 'effective_on' in value ? describePosition(value) : null
}

/** The sources that an entry quotes, each in one line. */
export function quotedSources(after: ChangedFields | null): string[] {
  const sources = after?.['sources']
  return isList(sources) ? sources.map(elementText) : []
}

type List = Extract<ToldValue, readonly unknown[]>

function isList(value: ToldValue | undefined): value is List {
  return Array.isArray(value)
}

function elementText(element: List[number]): string {
  return typeof element === 'string' ? element : citeSource(element)
}
