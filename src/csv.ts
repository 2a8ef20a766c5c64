/** CSV as in RFC 4180: commas, CRLF, quotes doubled; UTF-8. */

/** A byte order mark, by which Excel knows UTF-8. */
export const BOM = '\ufeff'

const NEEDS_QUOTES = /[",\r\n]/
/** What a spreadsheet may run as a formula when a cell begins with it (OWASP, "CSV injection"). */
const FORMULA_START = /^[=+\-@\t\r]/

export type CsvValue = string | number | null | undefined

/**
 * One record with its line end. A text that a spreadsheet would run as a formula is defused with a leading
 * apostrophe; numbers are numbers and stay as they are.
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
  const safe = FORMULA_START.test(value) ? `'${value}` : value
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
