import type { Reader } from '../database/schema.ts'
import type { FieldErrors } from '../errors.ts'
import { listUsers } from '../accounts/queries.ts'
import { allCountries } from '../names/country.ts'
import { LANGUAGES } from '../names/language.ts'
import { PARTY_TYPES } from '../words/party.ts'
import { suggestParties } from '../directories/party-queries.ts'
import { PLACE_KINDS } from '../words/place.ts'
import { suggestPlaces } from '../directories/place-queries.ts'
import { MOST } from '../forms/fields.ts'
import { type Filled, texts, titled, type Typed } from '../forms/typed.ts'
import { AGREEMENT_KINDS } from '../words/kind.ts'
import { type AgreementFacts, FACT_COLUMNS } from '../database/tables/agreements.ts'
import { alikeParties, alikePlaces } from './alike.ts'
import type { Editable } from './described.ts'
import { AGREEMENT_LABELS } from './labels.ts'
import { RELATION_KINDS } from '../words/relation.ts'
import { MEANS_OF, STATUSES } from '../words/status.ts'

const MOST_SUGGESTED = 200
const EMPTY_ROWS = 1
const ALWAYS_SHOWN_LANGUAGES = ['ar', 'ru']

/** The props of `agreements/new`: a blank form, or what was typed with its errors. */
export async function newPage(db: Reader, { typed, errors }: Filled) {
  return {
    title: titled('New agreement', errors),
    ...(await formProps(db, typed, errors)),
    reference: null,
    back: '/agreements',
    version: null,
  }
}

/** The props of `agreements/edit`: the agreement as it is, or what was typed with its errors. */
export async function editPage(
  db: Reader,
  present: Editable,
  { typed, errors }: Filled = { typed: asTyped(present), errors: {} },
) {
  const { reference, version } = present.agreement
  return {
    title: titled(`Edit ${reference}`, errors),
    ...(await formProps(db, typed, errors)),
    reference,
    back: `/agreements/${reference}`,
    version: typed['version'] ?? String(version),
  }
}

/** An agreement as if it had been typed into the form. */
export function asTyped({ agreement, titles, parties, places, relations, notes }: Editable): Typed {
  const concerned = places.filter(({ role }) => role === 'concerns')
  return {
    ...factsAsTyped(agreement),
    ...Object.fromEntries(titles.map(({ lang, title }) => [`title_${lang}`, title])),
    party_name: parties.map(({ name }) => name),
    party_type: parties.map(({ type }) => type),
    party_country: parties.map(({ country }) => country ?? ''),
    party_role: parties.map(({ role }) => role ?? ''),
    place: concerned.map(({ name }) => name),
    place_kind: concerned.map(({ kind }) => kind),
    place_country: concerned.map(({ country }) => country ?? ''),
    signed_at: places.filter(({ role }) => role === 'signed_at').map(({ name }) => name),
    relation_kind: relations.map(({ kind }) => kind),
    relation_reference: relations.map(({ reference }) => reference),
    note_field: notes.map(({ field }) => field ?? ''),
    note_value: notes.map(({ value }) => value),
    note_url: notes.map(({ url }) => url ?? ''),
    note_note: notes.map(({ note }) => note ?? ''),
  }
}

/** The columns that occur once, as if they had been typed. */
export function factsAsTyped(facts: AgreementFacts): Typed {
  return {
    ...Object.fromEntries(FACT_COLUMNS.map((column) => [column, facts[column] === null ? '' : String(facts[column])])),
    title_is_descriptive: facts.title_is_descriptive === 1 ? 'yes' : 'no',
  }
}

async function formProps(db: Reader, values: Typed, errors: FieldErrors) {
  const partyAlike = await alikeParties(db, values)
  const placeAlike = await alikePlaces(db, values)
  const users = await listUsers(db)
  const sectors = await db
    .selectFrom('agreements')
    .select('sector')
    .distinct()
    .where('sector', 'is not', null)
    .orderBy('sector')
    .limit(MOST_SUGGESTED)
    .execute()
  return {
    values: single(values),
    errors,
    labels: AGREEMENT_LABELS,
    kinds: AGREEMENT_KINDS,
    partyTypes: PARTY_TYPES,
    placeKinds: PLACE_KINDS,
    relationKinds: RELATION_KINDS,
    statuses: STATUSES,
    meansOf: MEANS_OF,
    countries: allCountries(),
    languages: [...new Set([...ALWAYS_SHOWN_LANGUAGES, ...typedLanguages(values)])],
    moreLanguages: LANGUAGES.filter(
      (lang) => !ALWAYS_SHOWN_LANGUAGES.includes(lang) && !typedLanguages(values).includes(lang),
    ),
    parties: rows(values, ['party_name', 'party_type', 'party_country', 'party_role', 'party_choice'], 3).map(
      (row, index) => ({ ...row, alike: partyAlike[index] ?? [] }),
    ),
    places: rows(values, ['place', 'place_kind', 'place_country', 'place_choice'], 1).map((row, index) => ({
      ...row,
      alike: placeAlike[index] ?? [],
    })),
    signedAt: rows(values, ['signed_at'], 1),
    relations: rows(values, ['relation_kind', 'relation_reference'], 1),
    notes: rows(values, ['note_field', 'note_value', 'note_url', 'note_note'], 1),
    suggestions: {
      parties: await suggestParties(db, MOST_SUGGESTED),
      places: await suggestPlaces(db, MOST_SUGGESTED),
      sectors: sectors.flatMap(({ sector }) => sector ?? []),
      leads: users.filter(({ disabled_at }) => disabled_at === null).map(({ name }) => name),
    },
  }
}

function typedLanguages(values: Typed): string[] {
  return Object.keys(values).flatMap((field) => {
    const [, lang] = /^title_([a-z]{2,3})$/.exec(field) ?? []
    return lang !== undefined && texts(values, field)[0] ? [lang] : []
  })
}

/** Fields that occur once, as one text each. */
function single(values: Typed): Record<string, string> {
  return Object.fromEntries(Object.keys(values).map((field) => [field, texts(values, field)[0] ?? '']))
}

/** Fields that are repeated in step, as rows; at least `least`, and an empty one behind the last. What is sent beyond the most is not shown. */
function rows(values: Typed, fields: readonly string[], least: number): Record<string, string>[] {
  const columns = fields.map((field) => texts(values, field))
  const used = Math.min(MOST, Math.max(...columns.map((column) => column.length)))
  const count = Math.max(least, used + EMPTY_ROWS)
  return Array.from({ length: count }, (_, index) =>
    Object.fromEntries(fields.map((field, column) => [field, columns[column]?.[index] ?? ''])),
  )
}
