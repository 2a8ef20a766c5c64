import { formatPartialDate } from '../time/partial-date.ts'
import type { ChangeKind } from '../words/change-kind.ts'
import { isStatus, meansLabel, statusLabel } from '../words/status.ts'
import type { ChangedFields, ListedChange, ToldPosition, ToldValue } from './change.ts'
import { fieldChanges, fieldText } from './fields.ts'

type Fields = ChangedFields | null

/** What somebody did, after their name, by the kind of the change: made when it is read, of what the entry tells. */
const SENTENCES: Record<ChangeKind, (before: Fields, after: Fields) => string> = {
  agreement_created: (_before, after) => `entered the agreement as ${status(after)}`,
  agreement_edited: (before, after) => `edited ${touched(before, after)}`,
  status_changed: statusSentence,
  position_took_effect: (_before, after) => `brought the position ${status(after)} into effect on its day`,
  position_corrected: (before, after) => `corrected the position ${position(before)}: it is ${position(after)}`,
  edit_reverted: (before, after) => `took back an edit (${text(after, 'reverts')}): ${touched(before, after)}`,
  source_added: (_before, after) =>
    `recorded the source ${quoted(text(after, 'title') || text(after, 'url') || text(after, 'publisher'))}`,
  source_edited: (before, after) => `edited what is recorded of the source: ${touched(before, after)}`,
  claim_added: (_before, after) => `recorded a claim: ${text(after, 'claim')}`,
  claim_withdrawn: (_before, after) => `withdrew the claim: ${text(after, 'claim')}`,
  claim_settled: (_before, after) => `settled the claim: ${text(after, 'claim')}`,
  claim_reopened: (_before, after) => `reopened the claim: ${text(after, 'claim')}`,
  claim_tied: (_before, after) =>
    `tied the claim (${text(after, 'claim')}) to ${text(after, 'repeats')}, whose statement it repeats`,
  claim_untied: (_before, after) => `let the claim (${text(after, 'claim')}) stand for itself again`,
  party_added: entered,
  party_name_added: named,
  place_added: entered,
  place_name_added: named,
  user_added: (_before, after) => `added the account ${text(after, 'name')} as ${text(after, 'role')}`,
  user_role_changed: (before, after) =>
    `made ${text(after, 'account')} ${text(after, 'role')}, who was ${text(before, 'role')}`,
  user_disabled: (_before, after) => `disabled the account ${text(after, 'account')}`,
  user_enabled: (_before, after) => `enabled the account ${text(after, 'account')}`,
  user_password_changed: () => 'changed the password',
  user_password_link_made: (_before, after) =>
    `made a one-time link with which ${text(after, 'account')} sets a new password`,
  user_signed_out: (_before, after) => `signed ${text(after, 'account')} out everywhere`,
}

/** What somebody did, after their name: `moved the status from Annulled to Reassigned, with effect from 13 Jul 2025`. */
export function sentence({ kind, before, after }: Pick<ListedChange, 'kind' | 'before' | 'after'>): string {
  return SENTENCES[kind](before, after)
}

function statusSentence(before: Fields, after: Fields): string {
  const since = `with effect from ${formatPartialDate(text(after, 'effective_on'))}`
  if (after?.['position'] !== undefined) return `recorded the position ${position(after)}; the status stays as it is`
  if (before?.['status'] === after?.['status']) return `recorded other means of ${status(after)}, ${since}`
  return `moved the status from ${status(before)} to ${status(after)}, ${since}`
}

function entered(_before: Fields, after: Fields): string {
  return `entered ${quoted(text(after, 'name'))} in the directory`
}

function named(_before: Fields, after: Fields): string {
  return `added the name ${quoted(text(after, 'name'))}`
}

/** The labels of the fields that a change touched, apart from what it takes back. */
function touched(before: Fields, after: Fields): string {
  const fields = fieldChanges(before, after).flatMap(({ field }) => (field === 'reverts' ? [] : [fieldLabel(field)]))
  return fields.length < 2 ? (fields[0] ?? 'the agreement') : `${fields.slice(0, -1).join(', ')} and ${fields.at(-1)}`
}

/** `Annulled (terminated) from Jan 2025`. */
function position(fields: Fields): string {
  const told = fields?.['position']
  // What somebody altered is shown as it is; the command verify names it.
  if (!isTold(told)) return text(fields, 'position')
  const { status, means, effective_on } = told
  return `${statusLabel(status)}${means === null ? '' : ` (${meansLabel(means)})`} from ${formatPartialDate(effective_on)}`
}

function isTold(value: ToldValue | undefined): value is ToldPosition {
  return typeof value === 'object' && value !== null && 'effective_on' in value
}

function status(fields: Fields): string {
  const value = text(fields, 'status')
  return isStatus(value) ? statusLabel(value) : value
}

function text(fields: Fields, field: string): string {
  return fieldText(field, fields?.[field]) ?? ''
}

function quoted(words: string): string {
  return `“${words.length > 120 ? `${words.slice(0, 120)}…` : words}”`
}

/** `status_since` as a reader sees it: `status since`; `title_ar` stays told apart from `title`. */
export function fieldLabel(field: string): string {
  const [, lang] = /^title_([a-z]{2,3})$/.exec(field) ?? []
  return lang === undefined ? field.replaceAll('_', ' ') : `title (${lang})`
}
