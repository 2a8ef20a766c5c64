import { FACT_COLUMNS } from '../database/tables/agreements.ts'
import { isPartialDate } from '../time/partial-date.ts'
import type { ChangeKind } from '../words/change-kind.ts'
import { CREDIBILITIES, STANCES } from '../words/claim.ts'
import { MEANS, MEANS_OF, STATUSES, type Status } from '../words/status.ts'
import type { ChangedFields, ToldStored } from './change.ts'

const PORTRAIT = [...FACT_COLUMNS, 'title_', 'parties', 'place', 'signed_at', 'relations', 'notes']
const STANDING = ['status', 'means', 'status_since']
const SUCCESSION = ['parties', 'relations']
const SOURCE = ['title', 'publisher', 'url', 'published_on', 'lang', 'read_on', 'reliability']
const CLAIM = ['stance', 'status', 'means', 'effective_on', 'said_on', 'asserted_by', 'credibility', 'note', 'scope']
const ABOUT_CLAIM = ['claim', 'agreements']

/** The fields that an entry of each kind may tell; `title_` stands for titles in any language. */
const HOLDS: Record<ChangeKind, { before: readonly string[]; after: readonly string[] }> = {
  agreement_created: { before: [], after: ['reference', ...PORTRAIT, ...STANDING, 'effective_on', 'stored'] },
  agreement_edited: { before: PORTRAIT, after: [...PORTRAIT, 'stored'] },
  status_changed: {
    before: [...STANDING, ...SUCCESSION],
    // Entries of the first version of this program told a successor in words.
    after: [...STANDING, ...SUCCESSION, 'position', 'successor', 'effective_on', 'sources', 'stored'],
  },
  position_took_effect: { before: STANDING, after: [...STANDING, 'effective_on'] },
  position_corrected: {
    before: ['position', ...STANDING],
    after: ['position', 'corrects', ...STANDING, 'effective_on', 'sources', 'stored'],
  },
  edit_reverted: { before: PORTRAIT, after: ['reverts', ...PORTRAIT, 'stored'] },
  source_added: { before: [], after: SOURCE },
  source_edited: { before: SOURCE, after: SOURCE },
  claim_added: { before: [], after: [...CLAIM, ...ABOUT_CLAIM, 'sources', 'stored'] },
  claim_withdrawn: { before: [], after: ABOUT_CLAIM },
  claim_settled: { before: [], after: ABOUT_CLAIM },
  claim_reopened: { before: [], after: ABOUT_CLAIM },
  claim_tied: { before: [], after: [...ABOUT_CLAIM, 'repeats'] },
  claim_untied: { before: [], after: [...ABOUT_CLAIM, 'repeated'] },
  party_added: { before: [], after: ['name', 'type', 'country', 'stored'] },
  party_name_added: { before: [], after: ['name', 'lang'] },
  place_added: { before: [], after: ['name', 'kind', 'country', 'names', 'stored'] },
  place_name_added: { before: [], after: ['name', 'lang'] },
  user_added: { before: [], after: ['name', 'role', 'stored'] },
  user_role_changed: { before: ['account', 'role'], after: ['account', 'role'] },
  user_disabled: { before: [], after: ['account'] },
  user_enabled: { before: [], after: ['account'] },
  user_password_changed: { before: [], after: ['account', 'stored'] },
  user_password_link_made: { before: [], after: ['account'] },
  user_signed_out: { before: [], after: ['account'] },
}

const isText = (value: unknown) => typeof value === 'string'
const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value)
const isNumberOf = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0
const isDay = (value: unknown) => typeof value === 'string' && isPartialDate(value)
const areTexts = (value: unknown) => Array.isArray(value) && value.every(isText)
const isOneOf = (words: readonly string[]) => (value: unknown) => words.includes(value as string)

const DAYS = [
  'signed_on',
  'in_force_on',
  'expires_on',
  'next_review_on',
  'status_since',
  'effective_on',
  'said_on',
  'published_on',
  'read_on',
]

/** What a field holds where it is no text; each may be null where the field was empty. */
const VALUES: Record<string, (value: unknown) => boolean> = {
  title_is_descriptive: (value) => typeof value === 'boolean',
  value_amount: isNumber,
  credibility: (value) => CREDIBILITIES.some((credibility) => credibility === value),
  ...Object.fromEntries(DAYS.map((field) => [field, isDay])),
  ...Object.fromEntries(
    ['parties', 'place', 'signed_at', 'relations', 'notes', 'agreements', 'names'].map((field) => [field, areTexts]),
  ),
  ...Object.fromEntries(['corrects', 'reverts', 'repeats', 'repeated'].map((field) => [field, isNumberOf])),
  status: isOneOf(STATUSES),
  means: isOneOf(MEANS),
  stance: isOneOf(STANCES),
  position: isPosition,
  claim: isClaim,
  stored: isStored,
  sources: (value) => Array.isArray(value) && value.every((source) => isText(source) || isSource(source)),
}

/**
 * What an entry, as it was read, tells that none of its kind does: the name of the first such field, or undefined. Entries in the
 * words of earlier versions are read as data before (`told.ts`); what could not be read like that is still words here.
 */
export function strangeField(
  kind: ChangeKind,
  side: 'before' | 'after',
  fields: ChangedFields | null,
): string | undefined {
  const known = HOLDS[kind][side]
  return Object.entries(fields ?? {}).find(([field, value]) => {
    if (!known.includes(/^title_[a-z]{2,3}$/.test(field) ? 'title_' : field)) return true
    return value !== null && !(VALUES[field] ?? isText)(value)
  })?.[0]
}

function isPosition(value: unknown): boolean {
  const { status, means, effective_on, ...more } = record(value)
  const isKnown = isOneOf(STATUSES)(status) && (means === null || isOneOf(MEANS_OF[status as Status])(means))
  return isKnown && isDay(effective_on) && isEmpty(more)
}

function isClaim(value: unknown): boolean {
  const { asserted_by, stance, status, ...more } = record(value)
  return isText(asserted_by) && isOneOf(STANCES)(stance) && isOneOf(STATUSES)(status) && isEmpty(more)
}

function isSource(value: unknown): boolean {
  const { id, title, publisher, url, ...more } = record(value)
  const texts = [title, publisher, url]
  return isNumberOf(id) && texts.every((text) => text === null || isText(text)) && isEmpty(more)
}

const isDigest = (value: unknown) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
const areNumbers = (value: unknown) => Array.isArray(value) && value.every(isNumberOf)

const STORED: Record<keyof ToldStored, (value: unknown) => boolean> = {
  parts: isDigest,
  claims: areNumbers,
  sources: areNumbers,
  status_fit: isOneOf(['exact', 'approximate']),
  names: (value) => Array.isArray(value) && value.every(isName),
  latitude: (value) => value === null || isNumber(value),
  longitude: (value) => value === null || isNumber(value),
  credential: isDigest,
}

function isStored(value: unknown): boolean {
  return Object.entries(record(value)).every(
    ([field, told]) => field in STORED && STORED[field as keyof ToldStored](told),
  )
}

function isName(value: unknown): boolean {
  const { name, lang, ...more } = record(value)
  return isText(name) && (lang === null || isText(lang)) && isEmpty(more)
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function isEmpty(fields: Record<string, unknown>): boolean {
  return Object.keys(fields).length === 0
}
