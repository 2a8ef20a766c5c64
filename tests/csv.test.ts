import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BOM, csvRecord } from '../src/csv.ts'

/** What comes back for a text: itself, or with the documented apostrophe in front of what looks like a formula. */
const defused = (text: string) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)

describe('a CSV record', () => {
  test('has exact bytes', () => {
    expect(csvRecord(['a', 1.5, null, undefined, 'b,c', 'say "so"', 'two\r\nlines', 'é', ''])).toBe(
      'a,1.5,,,"b,c","say ""so""","two\r\nlines",é,\r\n',
    )
  })

  test.each([
    ['=1+1', "'=1+1"],
    ['+49', "'+49"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', `"'\rx"`],
    ['=a,b', `"'=a,b"`],
  ])('defuses %s', (text, cell) => expect(csvRecord([text])).toBe(`${cell}\r\n`))

  test('leaves numbers alone, the negative too', () => expect(csvRecord([-1])).toBe('-1\r\n'))

  test('any text in gives the same text out of a standard reader, save the apostrophe', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 3, maxLength: 3 }), { minLength: 1 }),
        (rows) => {
          const read = parse(rows.map((row) => csvRecord(row)).join(''), {
            relaxColumnCount: false,
            recordDelimiter: '\r\n',
          })
          expect(read).toEqual(rows.map((row) => row.map(defused)))
        },
      ),
      { numRuns: 500, examples: [[[['"', ',', '\r\n']]], [[['=', "'", '\n']]], [[['', '', '']]]] },
    )
  })

  test('the mark for Excel is U+FEFF', () => expect(BOM).toBe('\ufeff'))
})
