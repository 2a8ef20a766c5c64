import { meansLabel, statusLabel } from '../../words/status.ts'
import { formatPartialDate, lastDay } from '../../time/partial-date.ts'
import { labelWidth } from '../label.ts'
import { round, svgText, type SvgText } from '../svg.ts'
import { impreciseFill, statusMark, textureFill } from '../textures.ts'
import type { TimelineInput } from './input.ts'
import { DAY, type TimelineScale } from './scale.ts'

type Position = TimelineInput['positions'][number]

export const BAR_HEIGHT = 30
const FONT_SIZE = 12.5
const LEAST_HATCH = 6
const MARK_ROOM = 16
const PADDING = 8
const MIDDLE = BAR_HEIGHT / 2

/** The positions as bars, each up to the next one. The bars' upper edge is at 0. */
export function drawBars(positions: readonly Position[], scale: TimelineScale, picture: string): SvgText[] {
  return positions.map((position, index) => {
    const from = scale.starts[index] ?? 0
    const to = scale.starts[index + 1] ?? scale.end
    return drawBar(position, from, to, hatchedUpTo(position, from, to, scale), picture)
  })
}

/** `Active (in force) from 2019`. */
export function stood({ status, means, effective_on }: Position): string {
  const by = means === null ? '' : ` (${meansLabel(means)})`
  return `${statusLabel(status)}${by} from ${formatPartialDate(effective_on)}`
}

/** Where the span ends in which it may have begun: visible, but no longer than the bar. */
function hatchedUpTo({ effective_on }: Position, from: number, to: number, scale: TimelineScale): number {
  const last = lastDay(effective_on)
  if (last === effective_on) return from
  return Math.min(to, round(Math.max(from + LEAST_HATCH, scale.at(Date.parse(last) + DAY))))
}

function drawBar(position: Position, from: number, to: number, solid: number, picture: string): SvgText {
  const { status } = position
  const hatched =
    solid > from
      ? svgText`<rect class="bar-imprecise" x="${from}" width="${round(solid - from)}" height="${BAR_HEIGHT}" fill="${impreciseFill(picture, status)}"/>`
      : ''
  const rest =
    to > solid || solid === from
      ? svgText`<rect class="bar-known" x="${solid}" width="${round(to - solid)}" height="${BAR_HEIGHT}" fill="${textureFill(picture, status)}"/>`
      : ''
  return svgText`<g class="timeline-bar status-${status}"><title>${stood(position)}</title>${hatched}${rest}<path class="bar-edge" d="M${from} 0v${BAR_HEIGHT}"/>${label(position, from, to, solid)}</g>`
}

/**
 * The status's mark and word in the solid part, else across the whole bar; the mark alone where the word has no room. A
 * plate keeps the texture away from it.
 */
function label({ status, means }: Position, from: number, to: number, solid: number): SvgText {
  const words = [statusLabel(status), ...(means === null ? [] : [`${statusLabel(status)} · ${meansLabel(means)}`])]
  for (const start of solid > from && solid < to ? [solid, from] : [from]) {
    const room = to - start - 2 * PADDING - MARK_ROOM
    const word = words.findLast((text) => labelWidth(text, FONT_SIZE) <= room)
    if (word === undefined) continue
    const x = round(start + PADDING)
    const width = round(MARK_ROOM + labelWidth(word, FONT_SIZE) + PADDING)
    return svgText`<g class="${start < solid ? 'bar-label on-paper' : 'bar-label'}"><rect class="bar-plate" x="${round(x - 4)}" y="6" width="${width}" height="18"/>${statusMark(status, round(x + 5), MIDDLE)}<text x="${round(x + MARK_ROOM)}" y="${MIDDLE + 4.5}">${word}</text></g>`
  }
  const x = round((from + to) / 2)
  if (to - from < MARK_ROOM) return svgText``
  return svgText`<g class="${solid > from ? 'bar-label on-paper' : 'bar-label'}"><rect class="bar-plate" x="${round(x - 7)}" y="${MIDDLE - 7}" width="14" height="14"/>${statusMark(status, x, MIDDLE)}</g>`
}
