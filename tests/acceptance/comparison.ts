import type { TestApp } from '../support/test-app.ts'
import { type Answers, csvOf, pageOf, readCsv } from './ask.ts'
import { exported, type Query } from './command-line.ts'
import { referenceIn, rowsOf, statusIn, textOf, word } from './page.ts'

/**
 * What became of agreements between two days: `RUS-SYR-2019-1 active, in_force -> annulled, terminated`. The command line compares no
 * days: its answer is the difference of two exports.
 */
export async function compared(
  app: TestApp,
  { from, to, ...known }: Query & { from: string; to: string },
): Promise<Answers<string[]>> {
  const [page, csv, before, after] = await Promise.all([
    pageOf(app, '/compare', { from, to, ...known }),
    csvOf(app, '/compare.csv', { from, to, ...known }),
    exported(app, 'csv', { as_of: from, ...known }).then(readCsv),
    exported(app, 'csv', { as_of: to, ...known }).then(readCsv),
  ])
  const fromExports = after.map((row) => {
    const earlier = before.find(({ reference }) => reference === row['reference'])
    return moved(row['reference'], earlier?.['status'], earlier?.['means'], row['status'], row['means'])
  })
  const fromCsv = csv.map((row) =>
    moved(row['reference'], row['status_before'], row['means_before'], row['status_after'], row['means_after']),
  )
  return {
    page: rowsOf(page).map(movedInRow).sort(),
    csv: fromCsv.sort(),
    commandLine: fromExports.filter((line) => !/ (.+) -> \1$/.test(line)).sort(),
  }
}

function moved(reference = '', before = '', meansBefore = '', after = '', meansAfter = ''): string {
  return `${reference} ${before === '' ? 'did not stand' : `${before}, ${meansBefore}`} -> ${after}, ${meansAfter}`
}

function movedInRow(row: string): string {
  const [before = '', after = ''] = row.split('<td class="cell-status"').slice(1)
  const [meansBefore, meansAfter] = [textOf(before, 'means'), textOf(after, 'means').split(/,? ?from /)[0]]
  return moved(referenceIn(row), statusIn(before), word(meansBefore), statusIn(after), word(meansAfter ?? ''))
}
