import { addIssue, type Issues } from '../forms/issues.ts'
import { optionalAddress } from '../forms/fields.ts'
import { endsBeforeSigned, factsOf } from './agreement.ts'
import type { AgreementEntry } from './entry.ts'
import type { AgreementForm } from './form-fields.ts'
import { readCountry, readPartyType } from '../forms/words.ts'
import { RELATION_KINDS, type RelationKind } from '../words/relation.ts'

/**
 * The entry that the form's fields make up: what one means beside another, and rows that are repeated in step. What is wrong
 * between them goes to `context`.
 */
export function readEntry(
  form: AgreementForm & { titles: AgreementEntry['titles']; given: ReadonlySet<string> },
  context: Issues,
): AgreementEntry {
  const parties = readParties(form, context)
  if (form.value_amount !== null && form.value_currency === null)
    addIssue(context, 'value_currency', 'Give the currency of the value, such as USD')
  if (endsBeforeSigned(form)) {
    addIssue(context, 'expires_on', 'It ends before it was signed: check both days')
  }
  return {
    facts: factsOf(form),
    titles: form.titles,
    parties,
    places: readPlaces(form, context),
    relations: readRelations(form, context),
    notes: readNotes(form, context),
  }
}

function readParties(form: AgreementForm, context: Issues): AgreementEntry['parties'] {
  const parties = form.party_name.flatMap((typed, index) => {
    const name = chosenName(typed, form.party_choice[index])
    if (name === '') return []
    return [
      {
        name,
        type: readPartyType(form.party_type[index], 'party_type', context),
        country: readCountry(form.party_country[index], 'party_country', context),
        role: form.party_role[index] || null,
      },
    ]
  })
  if (parties.length < 2 && (form.party_name.length > 0 || form.version === undefined))
    addIssue(context, 'party_name', 'Name at least two parties')
  return parties
}

/** What the reader chose when a name sounded like one of the directory. */
function chosenName(typed: string, choice: string | undefined): string {
  return choice === undefined || choice === '' || choice === 'new' ? typed : choice
}

function readPlaces(form: AgreementForm, context: Issues): AgreementEntry['places'] {
  const concerned = form.place.flatMap((typed, index) => {
    const name = chosenName(typed, form.place_choice[index])
    if (name === '') return []
    return [
      {
        name,
        kind: form.place_kind[index] || 'other',
        country: readCountry(form.place_country[index], 'place_country', context),
        role: 'concerns' as const,
      },
    ]
  })
  const signedAt = form.signed_at.flatMap((name) =>
    name === '' ? [] : [{ name, kind: 'city', country: null, role: 'signed_at' as const }],
  )
  return [...concerned, ...signedAt]
}

function readRelations(form: AgreementForm, context: Issues): AgreementEntry['relations'] {
  return form.relation_reference.flatMap((reference, index) => {
    if (reference === '') return []
    const kind: RelationKind | undefined = RELATION_KINDS.find((candidate) => candidate === form.relation_kind[index])
    if (kind === undefined)
      addIssue(
        context,
        'relation_kind',
        `Choose how ${reference.slice(0, 40)} is related: ${RELATION_KINDS.join(', ')}`,
      )
    return kind === undefined ? [] : [{ kind, reference }]
  })
}

function readNotes(form: AgreementForm, context: Issues): AgreementEntry['notes'] {
  return form.note_value.flatMap((value, index) => {
    if (value === '') return []
    const url = optionalAddress.safeParse(form.note_url[index])
    if (!url.success)
      addIssue(context, 'note_url', 'A note’s source must be a web address that begins with https:// or http://')
    return [
      { field: form.note_field[index] || null, value, url: url.data ?? null, note: form.note_note[index] || null },
    ]
  })
}
