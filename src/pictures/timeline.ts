import { scaleLinear } from 'd3-scale'
import { statusLabel, type Status } from '../agreements/status.ts'
import { formatPartialDate, lastDay, type PartialDate } from '../dates/partial-date.ts'
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
const TAIL = 90
const BAR = { top: 108, height: 30 }
const LABEL_WIDTH = 150
const LEVELS = 3
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
  const height = BAR.top + BAR.height + (below.length > 0 ? 22 + LEVELS * 20 : 8) + 28
  return svgText`<svg viewBox="0 0 ${WIDTH} ${height}" class="timeline" role="img" aria-labelledby="timeline-title"><title id="timeline-title">${describe(positions, claims)}</title>${bars}${above.map((pin) => drawPin(pin, 'above'))}${below.map((pin) => drawPin(pin, 'below'))}${ticks(starts, x, height)}</svg>`
}

function timeOf(date: PartialDate): number {
  return Date.parse((date + '-01-01').slice(0, 10))
}

/** Maps time to x by its events: the room between two grows with the logarithm of the days between them. */
function compressedScale(times: readonly number[]) {
  const events = [...new Set(times)].sort((a, b) => a - b)
  const gaps = events.slice(1).map((time, index) => Math.log2(2 + (time - (events[index] ?? 0)) / DAY / 20))
  const total = gaps.reduce((sum, gap) => sum + gap, 0) || 1
  const room = WIDTH - 2 * MARGIN - TAIL
  let sum = 0
  const places = [MARGIN, ...gaps.map((gap) => MARGIN + ((sum += gap) / total) * room)]
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
  return svgText`<g class="timeline-bar status-${status}"><rect x="${round(from)}" y="${BAR.top}" width="${round(width)}" height="${BAR.height}" rx="3"/>${blur}<text x="${round(from + (effective_on === lastDay(effective_on) ? 8 : 24))}" y="${BAR.top + 20}">${label}</text></g>`
}

function hatching(from: number, width: number): string {
  const lines = []
  for (let offset = 3; offset < width; offset += 5)
    lines.push(`M${round(from + offset)} ${BAR.top + 2}v${BAR.height - 4}`)
  return lines.join('')
}

interface Pin {
  claim: DrawnClaim
  date: PartialDate
  x: number
  level: number
  label: string
  anchor: 'start' | 'end'
}

/** Gives each pin a level on which its label does not run into another; those without room keep the dot alone. */
function stackPins(
  pins: readonly { claim: DrawnClaim; date: PartialDate; time: number }[],
  x: (time: number) => number,
): Pin[] {
  const free = Array.from({ length: LEVELS }, () => -Infinity)
  return [...pins]
    .sort((a, b) => a.time - b.time)
    .map(({ claim, date, time }) => {
      const at = x(time)
      const anchor = at > WIDTH - LABEL_WIDTH - MARGIN ? 'end' : 'start'
      const [from, to] = anchor === 'start' ? [at - 8, at + LABEL_WIDTH] : [at - LABEL_WIDTH, at + 8]
      const level = free.findIndex((end) => end <= from)
      if (level !== -1) free[level] = to
      return {
        claim,
        date,
        x: at,
        level: level === -1 ? 0 : level,
        label: level === -1 ? '' : shorten(claim.asserted_by),
        anchor,
      }
    })
}

function drawPin({ claim, date, x, level, label, anchor }: Pin, side: 'above' | 'below'): SvgText {
  const y = side === 'above' ? BAR.top - 16 - level * 30 : BAR.top + BAR.height + 18 + level * 20
  const edge = side === 'above' ? BAR.top : BAR.top + BAR.height
  const title = `${claim.asserted_by} ${stanceVerb(claim.stance)} ${statusLabel(claim.status)}, ${formatPartialDate(date)}`
  return svgText`<g class="timeline-pin ${side}"><title>${title}</title><line x1="${round(x)}" x2="${round(x)}" y1="${y}" y2="${edge}"/><circle cx="${round(x)}" cy="${y}" r="5"/><text x="${round(anchor === 'start' ? x + 9 : x - 9)}" y="${y + 4}" text-anchor="${anchor}">${label}</text></g>`
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
