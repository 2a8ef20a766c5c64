import { scaleLinear } from 'd3-scale'
import { statusLabel, type Status } from '../agreements/status.ts'
import { firstDay, formatPartialDate, lastDay, type PartialDate } from '../dates/partial-date.ts'
import { type Stance, stanceVerb } from '../evidence/claim.ts'
import { svgText, type SvgText } from './svg.ts'

interface DrawnPosition {
  status: Status
  effective_on: PartialDate
  effective_day: string
}

interface DrawnClaim {
  asserted_by: string
  stance: Stance
  status: Status
  effective_on: PartialDate | null
  said_on: PartialDate | null
  published_on: PartialDate | null
}

const WIDTH = 1000
const MARGIN = 16
const TAIL = 150
const BAR_HEIGHT = 30
const LABEL_WIDTH = 165
const LEVELS = 4
const LEVEL_HEIGHT = 24
const DAY = 86_400_000

/**
 * An agreement's positions as bars, with the claims as pins: above what is asserted, below what is denied. Time is
 * compressed between events, so that a quiet decade does not squeeze an eventful month. SVG without inline styles.
 */
export function timeline(positions: readonly DrawnPosition[], claims: readonly DrawnClaim[]): SvgText | null {
  const [first] = positions
  if (!first) return null
  const pins = claims.flatMap((claim) => {
    const date = claim.said_on ?? claim.published_on ?? claim.effective_on
    return date === null ? [] : [{ claim, date, time: timeOf(date) }]
  })
  const starts = positions.map((position) => ({ position, time: timeOf(position.effective_on) }))
  const x = compressedScale([...starts, ...pins].map(({ time }) => time))
  const bars = starts.map(({ position, time }, index) =>
    bar(position, x(time), index + 1 < starts.length ? x(starts[index + 1]?.time ?? 0) : WIDTH - MARGIN),
  )
  const above = stackPins(
    pins.filter(({ claim }) => claim.stance === 'asserts'),
    x,
  )
  const below = stackPins(
    pins.filter(({ claim }) => claim.stance !== 'asserts'),
    x,
  )
  // The bar's upper edge is at 0: pins above have negative y.
  const top = room(above) + 4
  const height = BAR_HEIGHT + room(below) + 26
  return svgText`<svg viewBox="0 ${-top} ${WIDTH} ${top + height}" class="timeline" role="img" aria-labelledby="timeline-title"><title id="timeline-title">${describe(positions, claims)}</title>${bars}${above.map((pin) => drawPin(pin, 'above'))}${below.map((pin) => drawPin(pin, 'below'))}${ticks(starts, x, height)}</svg>`
}

function room(pins: readonly Pin[]): number {
  return pins.length === 0 ? 0 : 16 + (Math.max(...pins.map(({ level }) => level)) + 0.5) * LEVEL_HEIGHT
}

function timeOf(date: PartialDate): number {
  return Date.parse(firstDay(date))
}

/** Maps time to x by its events: the room between two grows with the logarithm of the days between them. */
function compressedScale(times: readonly number[]) {
  const events = [...new Set(times)].sort((a, b) => a - b)
  const gaps = events.slice(1).map((time, index) => Math.log2(2 + (time - (events[index] ?? 0)) / DAY / 20))
  const total = gaps.reduce((sum, gap) => sum + gap, 0) || 1
  const width = WIDTH - 2 * MARGIN - TAIL
  let sum = 0
  const places = [MARGIN, ...gaps.map((gap) => MARGIN + ((sum += gap) / total) * width)]
  return scaleLinear()
    .domain(events.length > 1 ? events : [events[0] ?? 0, (events[0] ?? 0) + DAY])
    .range(events.length > 1 ? places : [MARGIN, WIDTH - MARGIN])
}

function bar({ status, effective_on }: DrawnPosition, from: number, to: number): SvgText {
  const width = Math.max(4, to - from)
  const label = width > 60 ? statusLabel(status).slice(0, Math.floor(width / 8)) : ''
  // Hatched where it starts, as far as only the year or the month is known.
  const blur =
    effective_on === lastDay(effective_on)
      ? svgText``
      : svgText`<path class="timeline-imprecise" d="${hatching(from, Math.min(width, 18))}"/>`
  return svgText`<g class="timeline-bar status-${status}"><rect x="${round(from)}" y="0" width="${round(width)}" height="${BAR_HEIGHT}" rx="3"/>${blur}<text x="${round(from + (effective_on === lastDay(effective_on) ? 8 : 24))}" y="20">${label}</text></g>`
}

function hatching(from: number, width: number): string {
  const lines = []
  for (let offset = 3; offset < width; offset += 5) lines.push(`M${round(from + offset)} 2v${BAR_HEIGHT - 4}`)
  return lines.join('')
}

interface Pin {
  claim: DrawnClaim
  date: PartialDate
  x: number
  level: number
  label: string
}

/**
 * Gives each pin a level so that no stem runs through a label: a label must lie above every pin that stands under it.
 * Pins for which no level is left keep the dot alone; the list below the picture has them all.
 */
function stackPins(
  pins: readonly { claim: DrawnClaim; date: PartialDate; time: number }[],
  x: (time: number) => number,
): Pin[] {
  const stacked: Pin[] = []
  for (const { claim, date, time } of [...pins].sort((a, b) => b.time - a.time)) {
    const at = x(time)
    const under = stacked.filter((other) => other.x <= at + LABEL_WIDTH)
    const level = Math.max(-1, ...under.map((other) => other.level)) + 1
    const fits = level < LEVELS
    stacked.push({ claim, date, x: at, level: fits ? level : 0, label: fits ? shorten(claim.asserted_by) : '' })
  }
  return stacked
}

function drawPin({ claim, date, x, level, label }: Pin, side: 'above' | 'below'): SvgText {
  const y = side === 'above' ? -16 - level * LEVEL_HEIGHT : BAR_HEIGHT + 16 + level * LEVEL_HEIGHT
  const edge = side === 'above' ? 0 : BAR_HEIGHT
  const title = `${claim.asserted_by} ${stanceVerb(claim.stance)} ${statusLabel(claim.status)}, ${formatPartialDate(date)}`
  return svgText`<g class="timeline-pin ${side}"><title>${title}</title><line x1="${round(x)}" x2="${round(x)}" y1="${y}" y2="${edge}"/><circle cx="${round(x)}" cy="${y}" r="5"/><text x="${round(x + 9)}" y="${y + 4}">${label}</text></g>`
}

function ticks(
  starts: readonly { position: DrawnPosition; time: number }[],
  x: (time: number) => number,
  height: number,
): SvgText[] {
  let free = -Infinity
  return starts.map(({ position, time }) => {
    const at = x(time)
    if (at < free) return svgText``
    free = at + 90
    return svgText`<text class="timeline-tick" x="${round(at)}" y="${height - 8}">${formatPartialDate(position.effective_on)}</text>`
  })
}

function describe(positions: readonly DrawnPosition[], claims: readonly DrawnClaim[]): string {
  const stood = positions.map(
    ({ status, effective_on }) => `${statusLabel(status)} from ${formatPartialDate(effective_on)}`,
  )
  const denials = claims.filter(({ stance }) => stance !== 'asserts').length
  return `${stood.join(', then ')}. ${claims.length} claims, ${denials} of them against. All are listed below.`
}

function shorten(text: string): string {
  const short = text.split(/, | \(/)[0] ?? text
  return short.length > 22 ? `${short.slice(0, 21)}…` : short
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
