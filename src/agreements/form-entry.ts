import type { z } from 'zod'
import { factsOf } from './agreement.ts'
import type { agreementEntry } from './entry.ts'
import type { AgreementForm } from './form-fields.ts'

type Given = z.input<typeof agreementEntry>

/** What the form calls otherwise than the entry does. */
export const AGREEMENT_FIELDS = {
  parties: 'party_name',
  'parties.name': 'party_name',
  'parties.type': 'party_type',
  'parties.country': 'party_country',
  'parties.role': 'party_role',
  'places.name': 'place',
  'places.kind': 'place_kind',
  'places.country': 'place_country',
  'relations.kind': 'relation_kind',
  'relations.reference': 'relation_reference',
  'notes.field': 'note_field',
  'notes.value': 'note_value',
  'notes.url': 'note_url',
  'notes.note': 'note_note',
}

/** The form's columns zipped into what they say of an agreement: rows that are repeated in step, empty ones left out. */
export function zipped(form: AgreementForm & { titles: Record<string, string | null> }): Given {
  return {
    ...factsOf(form),
    titles: form.titles,
    ...(form.party_name.length > 0 ? { parties: parties(form) } : {}),
    places: [...concerned(form), ...signedAt(form)],
    relations: relations(form),
    notes: notes(form),
  }
}

function parties(form: AgreementForm): Given['parties'] {
  return form.party_name.flatMap((typed, index) => {
    const name = chosenName(typed, form.party_choice[index])
    const [type, country, role] = [form.party_type[index], form.party_country[index], form.party_role[index]]
    return name === '' ? [] : [{ name, type, country, role }]
  })
}

/** What the reader chose when a name sounded like one of the directory. */
function chosenName(typed: string, choice: string | undefined): string {
  return choice === undefined || choice === '' || choice === 'new' ? typed : choice
}

function concerned(form: AgreementForm): NonNullable<Given['places']> {
  return form.place.flatMap((typed, index) => {
    const name = chosenName(typed, form.place_choice[index])
    const [kind, country] = [form.place_kind[index], form.place_country[index]]
    return name === '' ? [] : [{ name, kind, country, role: 'concerns' }]
  })
}

function signedAt(form: AgreementForm): NonNullable<Given['places']> {
  return form.signed_at.flatMap((name) => (name === '' ? [] : [{ name, kind: 'city', role: 'signed_at' }]))
}

function relations(form: AgreementForm): Given['relations'] {
  return form.relation_reference.flatMap((reference, index) =>
    reference === '' ? [] : [{ kind: form.relation_kind[index], reference }],
  )
}

function notes(form: AgreementForm): Given['notes'] {
  return form.note_value.flatMap((value, index) => {
    const [field, url, note] = [form.note_field[index], form.note_url[index], form.note_note[index]]
    return value === '' ? [] : [{ field, value, url, note }]
  })
}
