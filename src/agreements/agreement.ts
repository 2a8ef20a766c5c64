import { firstDay, lastDay } from '../dates/partial-date.ts'
import type { PlaceRole } from '../places/place.ts'
import type { AgreementColumns, AgreementVersionsTable } from '../database/tables/agreements.ts'
import type { ChangedFields } from '../history/change.ts'
import type { RelationKind } from './relation.ts'
import { alpha3 } from '../names/country.ts'

export const AGREEMENT_KINDS = [
  'treaty',
  'intergovernmental_agreement',
  'protocol',
  'memorandum_of_understanding',
  'concession_or_lease',
  'investment_contract',
  'loan',
  'supply_contract',
] as const
export type AgreementKind = (typeof AGREEMENT_KINDS)[number]

/** `concession_or_lease` as a reader sees it: `Concession or lease`. */
export function kindLabel(kind: AgreementKind): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1).replaceAll('_', ' ')
}

/** The columns that a person fills in; the others follow from them or from the agreement's positions. */
export const FACT_COLUMNS = [
  'title',
  'title_is_descriptive',
  'kind',
  'sector',
  'signed_on',
  'in_force_on',
  'expires_on',
  'term',
  'value_amount',
  'value_currency',
  'value_note',
  'summary',
  'lead',
  'next_review_on',
] as const satisfies (keyof AgreementColumns)[]
export type AgreementFacts = Pick<AgreementColumns, (typeof FACT_COLUMNS)[number]>

/** The facts among other columns. */
export function factsOf(row: AgreementFacts): AgreementFacts {
  return Object.fromEntries(FACT_COLUMNS.map((column) => [column, row[column]])) as AgreementFacts
}

/** The columns of the present row that every version repeats. */
export const VERSIONED_COLUMNS = [
  ...FACT_COLUMNS,
  'title_sort',
  'status',
  'means',
  'status_since',
  'version',
  'party_names',
  'countries',
  'place_names',
  'original_title',
  'original_title_lang',
  'updated_at',
] as const satisfies (keyof AgreementVersionsTable)[]

export interface AgreementTitle {
  lang: string
  title: string
  note: string | null
}

/** A party as it takes part in one agreement; the name is the first one of the directory. */
export interface AgreementParty {
  party_id: number
  name: string
  country: string | null
  role: string | null
}

export interface AgreementPlace {
  place_id: number
  name: string
  role: PlaceRole
}

export interface AgreementRelation {
  kind: RelationKind
  other_id: number
  reference: string
}

export interface AgreementNote {
  field: string | null
  value: string
  url: string | null
  note: string | null
}

/** What belongs to an agreement but may occur more than once; kept whole with every version. */
export interface AgreementParts {
  titles: AgreementTitle[]
  parties: AgreementParty[]
  places: AgreementPlace[]
  relations: AgreementRelation[]
  notes: AgreementNote[]
}

/** An agreement as the history describes it: a flat list of fields, one text for each party, place or note. */
export function portrait(facts: AgreementFacts, parts: AgreementParts): ChangedFields {
  const { title, title_is_descriptive, ...columns } = factsOf(facts)
  const { parties = [], place = [], signed_at = [], relations = [], notes = [], ...titles } = partsPortrait(parts)
  return {
    title,
    title_is_descriptive: title_is_descriptive === 1,
    ...titles,
    parties,
    ...columns,
    place,
    signed_at,
    relations,
    notes,
  }
}

/** The fields of a portrait that tell what belongs to an agreement. */
export function partsPortrait(parts: AgreementParts): ChangedFields {
  return {
    ...Object.fromEntries(parts.titles.map(({ lang, title }) => [`title_${lang}`, title])),
    parties: partyTexts(parts),
    place: parts.places.filter(({ role }) => role === 'concerns').map(({ name }) => name),
    signed_at: parts.places.filter(({ role }) => role === 'signed_at').map(({ name }) => name),
    relations: relationTexts(parts),
    notes: parts.notes.map(({ field, value, url, note }) =>
      [field === null ? value : `${field}: ${value}`, url, note].filter((part) => part !== null).join(' | '),
    ),
  }
}

/** `DP World (operator)`: a party as the history names it. */
export function partyTexts({ parties }: Pick<AgreementParts, 'parties'>): string[] {
  return parties.map(({ name, role }) => (role === null ? name : `${name} (${role})`))
}

/** `reassigned_to ARE-SYR-2025-2`: a relation as the history names it. */
export function relationTexts({ relations }: Pick<AgreementParts, 'relations'>): string[] {
  return relations.map(({ kind, reference }) => `${kind} ${reference}`)
}

/** True when even the last day that the end can mean is before the first that the signature can. */
export function endsBeforeSigned({ expires_on, signed_on }: Pick<AgreementFacts, 'expires_on' | 'signed_on'>): boolean {
  return expires_on !== null && signed_on !== null && lastDay(expires_on) < firstDay(signed_on)
}

/** The columns kept beside the row so that a list or an export reads one table. */
export function listColumns(parts: AgreementParts) {
  const [original] = parts.titles
  return {
    party_names: parts.parties.map(({ name }) => name).join('; '),
    countries: countriesOf(parts).join('; '),
    place_names: parts.places.flatMap(({ role, name }) => (role === 'concerns' ? [name] : [])).join('; '),
    original_title: original?.title ?? null,
    original_title_lang: original?.lang ?? null,
  }
}

function countriesOf(parts: AgreementParts): string[] {
  return [...new Set(parts.parties.flatMap(({ country }) => country ?? []))]
}

/**
 * A reference without its running number, such as `RUS-SYR-2019`: the alpha-3 codes of the parties' states in
 * alphabetical order, then the year of signature, or `ND`. `ZZZ` stands where no party has a state.
 */
export function referenceStem(parts: AgreementParts, signedOn: string | null): string {
  const codes = countriesOf(parts).map(alpha3).sort()
  return [...(codes.length > 0 ? codes : ['ZZZ']), signedOn?.slice(0, 4) ?? 'ND'].join('-')
}

/** So many digits are enough for a running number that is compared as text. */
const NUMBER_DIGITS = 12

/**
 * A reference as it sorts, byte by byte on any engine: by its states, then by its year (`ND` behind every year), then by its
 * running number as a number. `RUS-SYR-2019-2` is `RUS-SYR 2019 000000000002`; the space sorts before the hyphen, so that two
 * states come whole before the same with a third.
 */
export function referenceSort(reference: string): string {
  const [, states, year, number] = /^(.+)-(\d{4}|ND)-(\d+)$/.exec(reference) ?? []
  return number === undefined ? reference : `${states} ${year} ${number.padStart(NUMBER_DIGITS, '0')}`
}

/** For sorting by reference. */
export function compareReferences(a: { reference: string }, b: { reference: string }): number {
  const [one, other] = [referenceSort(a.reference), referenceSort(b.reference)]
  return one < other ? -1 : one > other ? 1 : 0
}

/** The shape of a reference, for telling one apart from other words. */
export const REFERENCE = /^[A-Z]{3}(?:-[A-Z]{3})*-(?:\d{4}|ND)-\d+$/
