import { formatPartialDate, type PartialDate } from '../../time/partial-date.ts'
import { labelWidth } from '../label.ts'
import { round, svgText, type SvgText } from '../svg.ts'
import { DAY, type Span, type TimelineScale } from './scale.ts'

interface Tick {
  x: number
  date: string
  kind: 'position' | 'end' | 'year' | 'month'
}

interface DrawnTick extends Tick {
  from: number
  to: number
  anchor: 'start' | 'middle' | 'end'
}

const FONT_SIZE = 11.5
const GAP = 10
const YEAR = 365.25 * DAY
const MONTH = YEAR / 12
const LEAST_YEAR = 46
const LEAST_MONTH = 64

/**
 * The axis: the days of the positions and the last day, and between them years and months where there is room. A
 * slanted break marks a long span that is drawn much narrower than the rest.
 */
export function timelineAxis(
  positions: readonly PartialDate[],
  until: string,
  scale: TimelineScale,
  [top, axis]: readonly [number, number],
): SvgText {
  const wanted: Tick[] = [
    ...positions.map((date, index) => ({ x: scale.starts[index] ?? 0, date, kind: 'position' as const })),
    { x: scale.end, date: until, kind: 'end' },
    ...scale.spans.flatMap((span) => evenTicks(span, scale)).sort((a, b) => a.date.length - b.date.length),
  ]
  const [start] = scale.spans
  const from = start?.start ?? 0
  const drawn: DrawnTick[] = []
  for (const tick of wanted) {
    const placed = placedTick(tick, from, scale.end)
    const isFree = (other: DrawnTick) => other.from > placed.to + GAP || other.to + GAP < placed.from
    // Positions of one day share its label.
    if (drawn.every((other) => isFree(other) && other.date !== tick.date)) drawn.push(placed)
  }
  const inOrder = drawn.toSorted((a, b) => a.x - b.x)
  const labels = inOrder.map(
    ({ date, kind, x, anchor }, index) =>
      svgText`<path class="timeline-grid" d="M${x} ${top}V${axis}"/><text class="timeline-tick tick-${kind}" text-anchor="${anchor}" x="${x}" y="${axis + 15}">${shortened(date, kind, inOrder[index - 1])}</text>`,
  )
  const notches = scale.starts.map((x) => svgText`<path class="timeline-notch" d="M${x} ${axis - 3}v6"/>`)
  const breaks = compressedSpans(scale.spans).flatMap((span) => breakIn(span, inOrder, axis))
  return svgText`<path class="timeline-axis" d="M${from} ${axis}H${scale.end}"/>${notches}${labels}${breaks}`
}

/** A label is centred below its tick, save where it would reach over an end of the axis. */
function placedTick(tick: Tick, from: number, to: number): DrawnTick {
  const width = labelWidth(formatPartialDate(tick.date), FONT_SIZE)
  const x = round(tick.x)
  if (x + width / 2 > to) return { ...tick, x, from: x - width, to: x, anchor: 'end' }
  if (x - width / 2 < from) return { ...tick, x, from: x, to: x + width, anchor: 'start' }
  return { ...tick, x, from: x - width / 2, to: x + width / 2, anchor: 'middle' }
}

/** Years, or some of them, and months, as far as they do not crowd. */
function evenTicks({ from, to, start, end }: Span, scale: TimelineScale): Tick[] {
  const pace = (end - start) / (to - from)
  const ticks: Tick[] = []
  const years = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((step) => step * YEAR * pace >= LEAST_YEAR)
  const [first, last] = [new Date(from).getUTCFullYear(), new Date(to).getUTCFullYear()]
  if (years !== undefined) {
    for (let year = Math.ceil((first + 1) / years) * years; year <= last; year += years)
      ticks.push(tickOf(String(year).padStart(4, '0'), 'year', scale))
  }
  const months = [1, 3].find((step) => step * MONTH * pace >= LEAST_MONTH)
  if (months !== undefined) {
    for (let month = first * 12; month <= last * 12 + 11; month += months) {
      const date = `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`
      const time = Date.parse(`${date}-01`)
      if (month % 12 !== 0 && time > from && time < to) ticks.push(tickOf(date, 'month', scale))
    }
  }
  return ticks
}

function tickOf(date: string, kind: Tick['kind'], scale: TimelineScale): Tick {
  return { x: scale.at(Date.parse(`${date}-01-01`.slice(0, 10))), date, kind }
}

/** A month leaves out its year where the label before it says so. */
function shortened(date: string, kind: Tick['kind'], before: Tick | undefined): string {
  const text = formatPartialDate(date)
  return kind === 'month' && before?.date.slice(0, 4) === date.slice(0, 4) ? text.slice(0, 3) : text
}

/** Two years or more that take less than a fifth of the room that time usually has. */
function compressedSpans(spans: readonly Span[]): Span[] {
  const paces = spans.map(paceOf).sort((a, b) => a - b)
  const usual = paces[Math.floor(paces.length / 2)] ?? 0
  return spans.filter((span) => span.to - span.from >= 2 * YEAR && paceOf(span) <= usual / 5)
}

/** Two strokes across the axis, in the widest gap between a span's ticks. */
function breakIn(span: Span, ticks: readonly DrawnTick[], axis: number): SvgText[] {
  const edges = [span.start, ...ticks.map(({ x }) => x).filter((x) => x > span.start && x < span.end), span.end]
  const gaps = edges.slice(1).map((to, index) => ({ from: edges[index] ?? to, to }))
  const widest = gaps.reduce((widest, gap) => (gap.to - gap.from > widest.to - widest.from ? gap : widest))
  if (widest.to - widest.from < 16) return []
  const x = round((widest.from + widest.to) / 2)
  return [
    svgText`<path class="timeline-break-gap" d="M${round(x - 4)} ${axis}h8"/><path class="timeline-break" d="M${round(x - 7)} ${axis + 5}l6 -10M${round(x + 1)} ${axis + 5}l6 -10"/>`,
  ]
}

function paceOf({ from, to, start, end }: Span): number {
  return (end - start) / (to - from)
}
