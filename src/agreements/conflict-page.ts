import type { Reader } from '../database/schema.ts'
import { fieldLabel } from '../history/sentence.ts'
import { texts, type Typed } from '../forms/typed.ts'
import type { Editable } from './described.ts'
import { asTyped } from './page.ts'
import { openedForm, untouchedFields, usedTexts } from './opened-form.ts'
import { changesSince } from '../history/since.ts'

const NOT_SENT_AGAIN = new Set(['version', 'confirm'])
const NEEDED = new Set(['title', 'kind'])
/** Say how the form was sent rather than what was typed. */
const NOT_SHOWN = new Set(['version', 'confirm', 'party_choice', 'place_choice'])

/**
 * The props of `agreements/conflict`: what the others did since the form was opened, both versions of each field side by
 * side, and what was changed in the form, ready to be sent again on top of the present version.
 */
export async function conflictPage(db: Reader, described: Editable, typed: Typed, action: string) {
  const opened = Number(texts(typed, 'version')[0])
  const { agreement } = described
  const present = presentValues(described)
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

function presentValues(described: Editable): Record<string, string> {
  const { status, means, status_since } = described.agreement
  const fields = asTyped(described)
  return {
    ...Object.fromEntries(Object.keys(fields).map((field) => [field, texts(fields, field).filter(Boolean).join('; ')])),
    status,
    means: means ?? '',
    effective_on: status_since,
  }
}
