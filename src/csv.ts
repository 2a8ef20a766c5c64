/** CSV as in RFC 4180: commas, CRLF, quotes doubled; UTF-8. */

/** A byte order mark, by which Excel knows UTF-8. */
export const BOM = '\ufeff'

const NEEDS_QUOTES = /[",\r\n]/

/** With these a spreadsheet takes a cell for a formula (OWASP, "CSV injection"); the full-width ones in East Asian settings. */
const SIGNS = '[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20]'
/** Apostrophes may stand before a sign, so that one more of them can be told, and be taken away again. */
const AT_START = new RegExp(`^['\\p{Zs}]*(?:${SIGNS}|[\\t\\r\\n])`, 'u')
/**
 * Where a spreadsheet whose list separator is `;` or a tab begins another cell. It does not know the quotes around ours, which stand
 * in the middle of its own: so a line ends where one of ours goes on, and quotes within may be taken for those around a cell.
 */
const BEFORE_ANOTHER_CELL = new RegExp(`[;\\t\\r\\n](?=["'\\p{Zs}]*${SIGNS})`, 'gu')

/** Most texts have neither: a quick look saves the others. */
const MAY_BEGIN_ONE = /^\W|[;\t\r\n]/

export type CsvValue = string | number | null | undefined

/**
 * One record with its line end. A text that a spreadsheet would run as a formula, as a whole or from a `;`, a tab or a line end in
 * it on, is defused with an apostrophe there; numbers are numbers and stay as they are. `docs/list.md` says how to have the text back.
 */
export function csvRecord(values: readonly CsvValue[]): string {
  let record = ''
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) record += ','
    record += csvCell(values[index])
  }
  return `${record}\r\n`
}

function csvCell(value: CsvValue): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const safe = defused(value)
  const mayBeParted = safe !== value && /[;\t]/.test(value)
  return mayBeParted || NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function defused(text: string): string {
  if (!MAY_BEGIN_ONE.test(text)) return text
  const inside = text.replace(BEFORE_ANOTHER_CELL, "$&'")
  return AT_START.test(text) ? `'${inside}` : inside
}
