import { hash } from 'node:crypto'
import { firstDay, lastDay } from '../time/partial-date.ts'
import { type AgreementFacts, type AgreementParts, FACT_COLUMNS } from '../database/tables/agreements.ts'
import type { ChangedFields } from '../history/change.ts'
import { alpha3 } from '../names/country.ts'

/** The facts among other columns. */
export function factsOf<Row extends Record<keyof AgreementFacts, unknown>>(row: Row): Pick<Row, keyof AgreementFacts> {
  return Object.fromEntries(FACT_COLUMNS.map((column) => [column, row[column]])) as Pick<Row, keyof AgreementFacts>
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

/** The SHA-256 (hex) of what belongs to an agreement, as a version keeps it. */
export function partsDigest(parts: AgreementParts): string {
  return hash('sha256', JSON.stringify(parts))
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
