import { scaleLinear } from 'd3-scale'
import { round } from '../svg.ts'

export const DAY = 86_400_000
const MINUTE = 60_000

/** A span between two neighbouring events, in which time runs evenly. */
export interface Span {
  from: number
  to: number
  start: number
  end: number
}

export interface TimelineScale {
  /** Where each position begins. */
  starts: number[]
  /** Where the last day ends. */
  end: number
  spans: Span[]
  /** The place of an instant; before the first and after the last it is theirs. */
  at: (time: number) => number
}

export interface ScaledTimes {
  /** The days from which the positions count, in their order. */
  positions: readonly number[]
  /** Other days that deserve room. */
  others: readonly number[]
  until: number
}

export interface ScaleRoom {
  from: number
  to: number
  /** What each position is given at least, while there is room for all. */
  leastBar: number
  /** What is kept after the last event at least, for its label. */
  tail: number
}

/** The part of the width that may be promised; the rest goes by time. */
const PROMISED = 0.75

/**
 * Maps time to place by its events: the room between two grows with the logarithm of the days between them, so that a
 * quiet decade does not squeeze an eventful month. Positions of one day follow each other a minute apart, so that each
 * has a place of its own.
 */
export function timelineScale({ positions, others, until }: ScaledTimes, room: ScaleRoom): TimelineScale {
  const begins: number[] = []
  for (const time of positions) begins.push(Math.max(time, (begins.at(-1) ?? -Infinity) + MINUTE))
  const end = Math.max(until + DAY, (begins.at(-1) ?? 0) + MINUTE)
  const stops = [...new Set([...begins, ...others.filter((time) => time < end), end])].sort((a, b) => a - b)
  const widths = spanWidths(stops, begins, room)
  let place = room.from
  const places = [place, ...widths.map((width) => (place += width))].map(round)
  const scale = scaleLinear().domain(stops).range(places).clamp(true)
  const spans = stops.slice(1).map((to, index) => ({
    from: stops[index] ?? to,
    to,
    start: places[index] ?? 0,
    end: places[index + 1] ?? 0,
  }))
  return { starts: begins.map((time) => round(scale(time))), end: room.to, spans, at: (time) => scale(time) }
}

/** Which bar a span belongs to, from 1 on; 0 is before the first. The last span is a tail of its own. */
type Bar = number | 'tail'

/** Each bar's spans share what the bar is promised; the rest of the width goes to all spans by their weight. */
function spanWidths(stops: readonly number[], begins: readonly number[], { from, to, leastBar, tail }: ScaleRoom) {
  const last = stops.length - 2
  const spans = stops.slice(1).map((end, index): { weight: number; bar: Bar } => {
    const start = stops[index] ?? end
    const weight = Math.log2(2 + (end - start) / DAY / 20)
    const bar = index === last ? 'tail' : begins.filter((time) => time <= start).length
    return { weight, bar }
  })
  const width = to - from
  const kept = Math.max(tail, leastBar)
  // The last bar is wide enough by its tail; what the others are promised shrinks where they are many.
  const others = begins.length - 1
  const promise = others === 0 ? 0 : Math.min(leastBar, Math.max(0, PROMISED * width - kept) / others)
  const promised = (bar: Bar) => (bar === 'tail' ? kept : bar > 0 && bar < begins.length ? promise : 0)
  const total = sumOf(spans)
  const totals = new Map([...Map.groupBy(spans, ({ bar }) => bar)].map(([bar, group]) => [bar, sumOf(group)]))
  const free = width - kept - promise * others
  return spans.map(
    ({ weight, bar }) => (weight / total) * free + (weight / (totals.get(bar) ?? weight)) * promised(bar),
  )
}

function sumOf(spans: readonly { weight: number }[]): number {
  return spans.reduce((sum, { weight }) => sum + weight, 0)
}
