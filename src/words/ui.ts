import { kindLabel } from './kind.ts'
import { relationLabel } from './relation.ts'
import { meansLabel, statusLabel } from './status.ts'
import { formatInstant, formatPartialDate } from '../time/partial-date.ts'
import { gradeOf, stanceVerb } from './claim.ts'
import { sourceLabel } from './source.ts'
import { changeKindLabel } from './change-kind.ts'
import { countryName } from '../names/country.ts'
import { direction, languageName } from '../names/language.ts'
import { partyTypeLabel } from './party.ts'

const format = new Intl.NumberFormat('en')
const MOST_REMEMBERED = 5_000
const formatted = new Map<number, string>()

/** A number with its thousands parted. Pages show the same ones again and again, and formatting is slow. */
function number(value: number): string {
  const known = formatted.get(value)
  if (known !== undefined) return known
  const text = format.format(value)
  if (formatted.size < MOST_REMEMBERED) formatted.set(value, text)
  return text
}

/** How values are shown; the same in every view. */
export const ui = {
  status: statusLabel,
  means: meansLabel,
  kind: kindLabel,
  stance: stanceVerb,
  grade: gradeOf,
  sourceLabel,
  relation: relationLabel,
  partyType: partyTypeLabel,
  changeKind: changeKindLabel,
  country: countryName,
  language: languageName,
  dir: direction,
  date: formatPartialDate,
  number,
  /** `23 Nov 2026, 17:42 UTC`. */
  instant: formatInstant,
  /** A count with its noun: `1 agreement`, `45 agreements`. */
  count: (count: number, one: string, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`,
  capital: (text: string) => text.charAt(0).toUpperCase() + text.slice(1),
}
