import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BOM, csvRecord } from '../src/csv.ts'

/** The text of a cell, as docs/list.md says how to have it back. */
const undefused = (cell: string) =>
  cell
    .replace(/(?<=[;\t\r\n])'(?=["'\p{Zs}]*[=+\-@＝＋－＠])/gu, '')
    .replace(/^'(?=['\p{Zs}]*[=+\-@＝＋－＠\t\r\n])/u, '')

/** The cells of records for a spreadsheet with another separator: it knows quotes only where they begin a cell of its own. */
function cellsBy(separator: string, records: string): string[] {
  const cells: string[] = []
  let cell = ''
  let isQuoted = false
  for (let at = 0; at < records.length; at += 1) {
    const sign = records[at] ?? ''
    if (isQuoted && sign === '"' && records[at + 1] === '"') cell += records[(at += 1)]
    else if (sign === '"' && (isQuoted || cell === '')) isQuoted = !isQuoted
    else if (!isQuoted && (sign === separator || sign === '\r' || sign === '\n')) {
      cells.push(cell)
      cell = ''
    } else cell += sign
  }
  return [...cells, cell]
}

const SIGNS = ['=', '+', '-', '@', '＝', '＋', '－', '＠', "'", '"', ';', '\t', '\r', '\n', ',', ' ', '\u00a0', 'a']
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.constantFrom(...SIGNS), { maxLength: 12 }).map((all) => all.join('')),
)

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
    ['＝1', "'＝1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠A1', "'＠A1"],
    [' =1', "' =1"],
    ['\tx', `"'\tx"`],
    ['\rx', `"'\rx"`],
    ['\nx', `"'\nx"`],
    ['=a,b', `"'=a,b"`],
    ["'=1", "''=1"],
    ["''=1", "'''=1"],
  ])('defuses %j', (text, cell) => expect(csvRecord([text])).toBe(`${cell}\r\n`))

  test.each([
    ['a;=HYPERLINK(0);b', `"a;'=HYPERLINK(0);b"`],
    ['a; -1', `"a;' -1"`],
    ["a;'=1", `"a;''=1"`],
    ['a\t=1', `"a\t'=1"`],
    ['a\n=1', `"a\n'=1"`],
    ['a;"=1"', `"a;'""=1"""`],
  ])('defuses what another separator would make a cell of: %j', (text, cell) =>
    expect(csvRecord(['k', text])).toBe(`k,${cell}\r\n`),
  )

  test.each(["'", "'a'", "it's", 'a; b', 'a;b', '2019-01-24', 'RUS-SYR-2019-1', 'a = b', 'a\tb'])(
    'leaves %j as it is',
    (text) => expect(csvRecord([text])).toBe(`${text}\r\n`),
  )

  test('leaves numbers alone, the negative too', () => expect(csvRecord([-1])).toBe('-1\r\n'))

  test('any text in gives the same text out of a standard reader, once the apostrophes are taken away', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyText, { minLength: 3, maxLength: 3 }), { minLength: 1 }), (rows) => {
        const read: string[][] = parse(rows.map((row) => csvRecord(row)).join(''), {
          relaxColumnCount: false,
          recordDelimiter: '\r\n',
        })
        expect(read.map((row) => row.map(undefused))).toEqual(rows)
      }),
      {
        numRuns: 1000,
        examples: [[[['"', ',', '\r\n']]], [[['=', "'", '\n']]], [[['', "'=", "a;'="]]], [[["\t'=", '\t=', "'\t="]]]],
      },
    )
  })

  test('no text is a formula for a reader, whatever separates its cells', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, fc.constantFrom(',', ';', '\t'), (first, second, third, separator) => {
        const cells = cellsBy(separator, csvRecord([first, second]) + csvRecord([third]))
        expect(cells.filter((cell) => /^\p{Zs}*[=+\-@＝＋－＠]/u.test(cell))).toEqual([])
      }),
      { numRuns: 3000 },
    )
  })

  test('the mark for Excel is U+FEFF', () => expect(BOM).toBe('\ufeff'))
})
