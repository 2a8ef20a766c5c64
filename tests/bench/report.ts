import type { Measured } from './statistics.ts'

/** What an aim asks for, and whether it was reached. */
export interface Verdict {
  aim: string
  reached: boolean
}

/** A line of the table of rates. */
export interface Rate extends Measured {
  what: string
  connections: number
  /** Percent of its floor. */
  ofFloor: number | null
  verdict: Verdict | null
}

/** A single figure. */
export interface Figure {
  what: string
  value: number | null
  unit: string
  verdict: Verdict | null
}

/** Puts several conditions together; null where there is none. */
export function judge(...conditions: (readonly [aim: string, reached: boolean])[]): Verdict | null {
  if (conditions.length === 0) return null
  return { aim: conditions.map(([aim]) => aim).join(', '), reached: conditions.every(([, reached]) => reached) }
}

/** Both tables as text. */
export function report(rates: readonly Rate[], figures: readonly Figure[]): string {
  const tableOfRates = table(
    ['what', 'connections', 'per second', 'p50 ms', 'p99 ms', '% of floor', 'aim', 'reached'],
    rates.map(({ what, connections, perSecond, p50, p99, ofFloor, verdict }) => [
      what,
      String(connections),
      grouped(perSecond),
      rounded(p50),
      rounded(p99),
      ofFloor === null ? '' : ofFloor.toFixed(1),
      ...asCells(verdict),
    ]),
    [1, 2, 3, 4, 5],
  )
  const tableOfFigures = table(
    ['what', 'value', 'unit', 'aim', 'reached'],
    figures.map(({ what, value, unit, verdict }) => [
      what,
      value === null ? 'not known here' : value >= 1000 ? grouped(value) : rounded(value),
      unit,
      ...asCells(verdict),
    ]),
    [1],
  )
  return `${tableOfRates}\n\n${tableOfFigures}`
}

const asCells = (verdict: Verdict | null) => (verdict ? [verdict.aim, verdict.reached ? 'yes' : 'NO'] : ['', ''])
const grouped = (value: number) => Math.round(value).toLocaleString('en')
const rounded = (value: number) => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)

function table(headings: string[], lines: string[][], numeric: number[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...lines.map((line) => line[column]?.length ?? 0)),
  )
  const format = (line: string[]) =>
    line
      .map((cell, column) =>
        numeric.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  return [format(headings), widths.map((width) => '-'.repeat(width)).join('  '), ...lines.map(format)].join('\n')
}
