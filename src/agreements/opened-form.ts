import type { Reader } from '../database/schema.ts'
import type { PlaceRole } from '../words/place.ts'
import { texts, type Typed } from '../forms/typed.ts'
import { type AgreementParts, FACT_COLUMNS } from '../database/tables/agreements.ts'
import { factsAsTyped } from './page.ts'

/** The agreement as it stood when the form was opened, as if it had been typed; null when that version is not known. */
export async function openedForm(db: Reader, id: number, version: number): Promise<Typed | null> {
  const row = await db
    .selectFrom('agreement_versions')
    .select([...FACT_COLUMNS, 'parts'])
    .where('agreement_id', '=', id)
    .where('version', '=', Number.isSafeInteger(version) ? version : 0)
    .executeTakeFirst()
  if (!row) return null
  const parts = JSON.parse(row.parts) as AgreementParts
  const places = (role: PlaceRole) => parts.places.filter((place) => place.role === role).map(({ name }) => name)
  return {
    ...factsAsTyped(row),
    ...Object.fromEntries(parts.titles.map(({ lang, title }) => [`title_${lang}`, title])),
    party_name: parts.parties.map(({ name }) => name),
    party_country: parts.parties.map(({ country }) => country ?? ''),
    party_role: parts.parties.map(({ role }) => role ?? ''),
    place: places('concerns'),
    signed_at: places('signed_at'),
    relation_kind: parts.relations.map(({ kind }) => kind),
    relation_reference: parts.relations.map(({ reference }) => reference),
    note_field: parts.notes.map(({ field }) => field ?? ''),
    note_value: parts.notes.map(({ value }) => value),
    note_url: parts.notes.map(({ url }) => url ?? ''),
    note_note: parts.notes.map(({ note }) => note ?? ''),
  }
}

/** Fields that are sent and left out together: one changed row changes them all. */
const TOGETHER = [/^party_/, /^place(_|$)/, /^relation_/, /^note_/]
/** Follow from the row's name, or are said anew with each row: they do not tell whether it was touched. */
const DO_NOT_TELL = new Set(['party_type', 'party_choice', 'place_kind', 'place_country', 'place_choice'])

/** The names of the typed fields that are as they were when the form was opened. */
export function untouchedFields(opened: Typed | null, typed: Typed): Set<string> {
  if (opened === null) return new Set()
  const isSame = (field: string) => DO_NOT_TELL.has(field) || value(typed, field) === value(opened, field)
  const fields = Object.keys(typed).filter(
    (field) => field in opened || DO_NOT_TELL.has(field) || field.startsWith('title_'),
  )
  const same = fields.filter((field) => {
    const group = TOGETHER.find((pattern) => pattern.test(field))
    return group ? fields.filter((other) => group.test(other)).every(isSame) : isSame(field)
  })
  return new Set(same)
}

function value(form: Typed, field: string): string {
  return usedTexts(form, field).join('\n').trim().replaceAll('\r', '')
}

/** In a group of repeated fields, the one without which a row is empty. */
const LEADS = [
  [/^party_/, 'party_name'],
  [/^place_/, 'place'],
  [/^relation_/, 'relation_reference'],
  [/^note_/, 'note_value'],
] as const

/** The texts of a field in the rows that are used: an empty row has a type or a kind chosen already. */
export function usedTexts(form: Typed, field: string): string[] {
  const lead = LEADS.find(([pattern]) => pattern.test(field))?.[1]
  const rows = lead === undefined ? null : texts(form, lead)
  return texts(form, field).filter((_, index) => rows === null || Boolean(rows[index]))
}
