import { scalePow } from 'd3-scale'
import { firstDay, formatPartialDate } from '../../time/partial-date.ts'
import { labelWidth } from '../label.ts'
import type { Lane } from './lane.ts'

export const DAY = 86_400_000
const YEAR = 365.25 * DAY
/** The narrowest that the picture is shown, by the stylesheet: what fits there fits wherever it is wider. */
export const LEAST_WIDTH = 680
/** Lanes of more years than this draw the older ones narrower. */
const EVEN_YEARS = 12
const YEAR_GAP = 14
const FONT_SIZE = 11.5

export interface LaneScale {
  first: number
  end: number
  isEven: boolean
  /** The place of an instant in percent of the width. */
  at: (time: number) => number
}

/** The scale that all lanes share: by the square root of an instant's age, or even where few years are drawn. */
export function laneScale(lanes: readonly Lane[], until: string): LaneScale {
  const times = lanes.flatMap(({ positions }) => positions.map((one) => Date.parse(firstDay(one.effective_on))))
  const end = Date.parse(until) + DAY
  const first = Math.min(...times)
  const isEven = end - first <= EVEN_YEARS * YEAR
  const byAge = scalePow()
    .exponent(isEven ? 1 : 0.5)
    .domain([end - first, 0])
    .range([0, 100])
    .clamp(true)
  return { first, end, isEven, at: (time) => byAge(end - time) }
}

export interface YearLine {
  at: number
  label: string
  anchor: 'start' | 'middle' | 'end'
  from: number
  to: number
}

/** The last day at the end, and the first days of the years that have room for their label, round ones first. */
export function yearsOf({ first, end, at }: LaneScale, until: string): YearLine[] {
  const label = formatPartialDate(until)
  const lines: YearLine[] = [
    { at: 100, label, anchor: 'end', from: LEAST_WIDTH - labelWidth(label, FONT_SIZE), to: LEAST_WIDTH },
  ]
  const [oldest, latest] = [new Date(first).getUTCFullYear(), new Date(end).getUTCFullYear()]
  for (const step of [100, 10, 5, 2, 1]) {
    for (let year = Math.floor(latest / step) * step; year >= oldest; year -= step) {
      const line = yearLine(String(year).padStart(4, '0'), at)
      if (lines.every((other) => other.from > line.to + YEAR_GAP || other.to + YEAR_GAP < line.from)) lines.push(line)
    }
  }
  return lines
}

function yearLine(year: string, at: (time: number) => number): YearLine {
  const place = at(Date.parse(`${year}-01-01`))
  const x = inPixels(place)
  const width = labelWidth(year, FONT_SIZE)
  const line = { at: percent(place), label: year }
  if (x < width / 2) return { ...line, anchor: 'start', from: x, to: x + width }
  return { ...line, anchor: 'middle', from: x - width / 2, to: x + width / 2 }
}

/** A share of the width, to a thousandth of a percent. */
export function percent(value: number): number {
  return Math.round(value * 1000) / 1000
}

/** A share of the width in pixels where the picture is narrowest. */
export function inPixels(percents: number): number {
  return (percents / 100) * LEAST_WIDTH
}
