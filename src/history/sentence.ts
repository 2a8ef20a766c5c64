import { isStatus, statusLabel } from '../words/status.ts'
import { formatPartialDate } from '../time/partial-date.ts'
import { type ChangedFields, fieldChanges, type ListedChange } from './change.ts'
import { changeKindLabel } from '../words/change-kind.ts'

/** What somebody did, after their name: `moved the status from Annulled to Reassigned, with effect from 13 Jul 2025`. */
export function sentence({ kind, before, after }: Pick<ListedChange, 'kind' | 'before' | 'after'>): string {
  const text = (field: string) => textOf(after, field)
  switch (kind) {
    case 'agreement_created':
      return `entered the agreement as ${status(after)}`
    case 'agreement_edited':
      return `edited ${listed(fieldChanges(before, after).map(({ field }) => fieldLabel(field)))}`
    case 'status_changed':
      return statusSentence(before, after)
    case 'position_took_effect':
      return `brought the position ${status(after)} into effect on its day`
    case 'source_added':
      return `recorded the source ${quoted(text('title') || text('url') || text('publisher'))}`
    case 'position_corrected':
      return `corrected the position ${positionText(before)}: it is ${positionText(after)}`
    case 'edit_reverted':
      return `took back an edit (${text('reverts')}): ${listed(fieldChanges(before, after).flatMap(({ field }) => (field === 'reverts' ? [] : [fieldLabel(field)])))}`
    case 'source_edited':
      return `edited what is recorded of the source: ${listed(fieldChanges(before, after).map(({ field }) => fieldLabel(field)))}`
    case 'claim_added':
      return `recorded a claim: ${text('claim')}`
    case 'claim_withdrawn':
      return `withdrew the claim: ${text('claim')}`
    case 'claim_settled':
      return `settled the claim: ${text('claim')}`
    case 'claim_reopened':
      return `reopened the claim: ${text('claim')}`
    case 'claim_tied':
      return `tied the claim (${text('claim')}) to ${text('repeats')}, whose statement it repeats`
    case 'claim_untied':
      return `let the claim (${text('claim')}) stand for itself again`
    case 'party_added':
    case 'place_added':
      return `entered ${quoted(text('name'))} in the directory`
    case 'party_name_added':
    case 'place_name_added':
      return `added the name ${quoted(text('name'))}`
    case 'user_added':
      return `added the account ${text('name')} as ${text('role')}`
    case 'user_role_changed':
      return `made ${text('account')} ${text('role')}, who was ${textOf(before, 'role')}`
    case 'user_disabled':
      return `disabled the account ${text('account')}`
    case 'user_enabled':
      return `enabled the account ${text('account')}`
    case 'user_password_changed':
      return 'changed the password'
    case 'user_signed_out':
      return `signed ${text('account')} out everywhere`
    default:
      return changeKindLabel(kind satisfies never)
  }
}

function statusSentence(before: ChangedFields | null, after: ChangedFields | null): string {
  const since = `with effect from ${formatPartialDate(textOf(after, 'effective_on'))}`
  if (after?.['position'] !== undefined)
    return `recorded the position ${positionText(after)}; the status stays as it is`
  if (before?.['status'] === after?.['status']) return `recorded other means of ${status(after)}, ${since}`
  return `moved the status from ${status(before)} to ${status(after)}, ${since}`
}

/** `Annulled (terminated) from 2025-01` as a reader sees it, with `Jan 2025`. */
function positionText(fields: ChangedFields | null): string {
  return textOf(fields, 'position').replace(/ from (\S+)$/, (_text, date: string) => ` from ${formatPartialDate(date)}`)
}

function status(fields: ChangedFields | null): string {
  const value = textOf(fields, 'status')
  return isStatus(value) ? statusLabel(value) : value
}

function textOf(fields: ChangedFields | null, field: string): string {
  const value = fields?.[field]
  return value === undefined || value === null ? '' : String(value)
}

function quoted(text: string): string {
  return `“${text.length > 120 ? `${text.slice(0, 120)}…` : text}”`
}

function listed(words: string[]): string {
  return words.length < 2 ? (words[0] ?? 'the agreement') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** `status_since` as a reader sees it: `status since`; `title_ar` stays told apart from `title`. */
export function fieldLabel(field: string): string {
  const [, lang] = /^title_([a-z]{2,3})$/.exec(field) ?? []
  return lang === undefined ? field.replaceAll('_', ' ') : `title (${lang})`
}
