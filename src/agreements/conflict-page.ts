import type { Reader } from '../database/schema.ts'
import { listChanges } from '../history/queries.ts'
import { shownChange } from '../history/history-page.ts'
import { fieldLabel } from '../history/sentence.ts'
import type { Typed } from '../web/forms.ts'
import { texts } from './alike.ts'
import type { Dossier } from './dossier.ts'
import { asTyped } from './edit-pages.ts'
import { openedForm, untouchedFields, usedTexts } from './opened-form.ts'

const MOST_CHANGES = 50
const NOT_SENT_AGAIN = new Set(['version', 'confirm'])
const NEEDED = new Set(['title', 'kind'])
/** Say how the form was sent rather than what was typed. */
const NOT_SHOWN = new Set(['version', 'confirm', 'party_choice', 'place_choice'])

/** What moved an agreement on from one of its versions, as every page shows it; the newest first, and no more than fifty. */
export async function changesSince(db: Reader, agreement: { id: number; version: number }, opened: number) {
  if (opened >= agreement.version) return []
  const since = { agreementId: agreement.id, afterVersion: opened }
  return (await listChanges(db, { ...since, page: 1, per_page: MOST_CHANGES })).rows.map(shownChange)
}

/**
 * The props of `agreements/conflict`: what the others did since the form was opened, both versions of each field side by
 * side, and what was changed in the form, ready to be sent again on top of the present version.
 */
export async function conflictPage(db: Reader, dossier: Dossier, typed: Typed, action: string) {
  const opened = Number(texts(typed, 'version')[0])
  const { agreement } = dossier
  const present = presentValues(dossier)
  const untouched = untouchedFields(await openedForm(db, agreement.id, opened), typed)
  return {
    title: `Somebody else was first: ${agreement.reference}`,
    agreement,
    action,
    since: await changesSince(db, agreement, opened),
    fields: Object.keys(typed)
      .filter((field) => !NOT_SHOWN.has(field))
      .map((field) => ({
        label: fieldLabel(field),
        yours: usedTexts(typed, field).filter(Boolean).join('; '),
        present: present[field] ?? '',
      }))
      .filter(({ yours, present: now }) => yours !== '' || now !== '')
      .map((field) => ({ ...field, differs: field.yours !== field.present })),
    // What was not touched is left to the present version; the form needs a title and a kind all the same.
    resend: Object.keys(typed)
      .filter((field) => !NOT_SENT_AGAIN.has(field) && (!untouched.has(field) || NEEDED.has(field)))
      .flatMap((name) => {
        const values = untouched.has(name) ? [present[name] ?? ''] : texts(typed, name)
        return values.map((value) => ({ name, value }))
      }),
    version: agreement.version,
  }
}

function presentValues(dossier: Dossier): Record<string, string> {
  const { status, means, status_since } = dossier.agreement
  const fields = asTyped(dossier)
  return {
    ...Object.fromEntries(Object.keys(fields).map((field) => [field, texts(fields, field).filter(Boolean).join('; ')])),
    status,
    means: means ?? '',
    effective_on: status_since,
  }
}
