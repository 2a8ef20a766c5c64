import { type Status, statusLabel } from '../../words/status.ts'
import { firstDay, formatPartialDate, lastDay } from '../../time/partial-date.ts'
import { labelWidth } from '../label.ts'
import { DAY, inPixels, type LaneScale, LEAST_WIDTH, percent } from './scale.ts'
import { svgText, type SvgText } from '../svg.ts'
import type { Lane } from './lane.ts'
import { impreciseFill, statusMark, textureFill } from '../textures.ts'

type Position = Lane['positions'][number]

const TOP = 20
const HEIGHT = 17
const MIDDLE = TOP + HEIGHT / 2
const LEAST_BAR = 3
const LEAST_HATCH = 5
const FONT_SIZE = 11
/** What the mark takes, and what stands around it and the word. */
const MARK_ROOM = 20
const WORD_PADDING = 30

interface Bar {
  position: Position
  from: number
  /** Where the span ends in which it may have begun. */
  known: number
  to: number
}

/** An agreement's positions as bars, as one picture whose words name each of them. */
export function laneBars(positions: readonly Position[], scale: LaneScale, picture: string): SvgText {
  const placed = placedBars(positions, scale)
  const stood = positions.map((one) => `${statusLabel(one.status)} from ${formatPartialDate(one.effective_on)}`)
  return svgText`<g role="img" aria-label="${stood.join(', then ')}">${placed.map((bar, index) => svgText`<g class="status-${bar.position.status}"><title>${stood[index] ?? ''}</title>${drawBar(bar, picture)}</g>`)}</g>`
}

/** Each bar up to the next one; every bar is kept visible, at the cost of its neighbours. */
function placedBars(positions: readonly Position[], scale: LaneScale): Bar[] {
  const least = Math.min((LEAST_BAR / LEAST_WIDTH) * 100, 50 / positions.length)
  const starts: number[] = []
  for (const [index, { effective_on }] of positions.entries()) {
    const latest = 100 - (positions.length - index) * least
    const place = Math.max(scale.at(Date.parse(firstDay(effective_on))), (starts.at(-1) ?? -least) + least)
    starts.push(percent(Math.min(place, latest)))
  }
  return positions.map((position, index) => {
    const from = starts[index] ?? 0
    const to = starts[index + 1] ?? 100
    return { position, from, to, known: knownFrom(position, from, to, scale) }
  })
}

function knownFrom({ effective_on }: Position, from: number, to: number, scale: LaneScale): number {
  const last = lastDay(effective_on)
  if (last === effective_on) return from
  const visible = from + (LEAST_HATCH / LEAST_WIDTH) * 100
  return Math.min(to, percent(Math.max(visible, scale.at(Date.parse(last) + DAY))))
}

function drawBar({ position: { status }, from, known, to }: Bar, picture: string): SvgText {
  const part = (name: string, from: number, to: number, fill: string) =>
    svgText`<rect class="${name}" x="${from}%" y="${TOP}" width="${percent(to - from)}%" height="${HEIGHT}" fill="${fill}"/>`
  const parts = [
    ...(known > from ? [part('bar-imprecise', from, known, impreciseFill(picture, status))] : []),
    ...(known < to ? [part('bar-known', known, to, textureFill(picture, status))] : []),
  ]
  return svgText`${parts}<line class="bar-edge" x1="${from}%" x2="${from}%" y1="${TOP}" y2="${TOP + HEIGHT}"/>${barLabel(status, from, known, to)}`
}

/** The mark and the word in the part that is known, else across the whole bar, else the mark alone. */
function barLabel(status: Status, from: number, known: number, to: number): SvgText {
  const wordRoom = WORD_PADDING + labelWidth(statusLabel(status), FONT_SIZE)
  const fits = (start: number, room: number) => inPixels(to - start) >= room
  const start =
    [known, from].find((start) => fits(start, wordRoom)) ?? [known, from].find((start) => fits(start, MARK_ROOM))
  if (start === undefined) return svgText``
  const hasWord = fits(start, wordRoom)
  const word = hasWord ? svgText`<text x="21" y="${MIDDLE + 4}">${statusLabel(status)}</text>` : ''
  return svgText`<svg class="bar-label${start < known ? ' on-paper' : ''}" x="${start}%"><rect class="bar-plate" x="4" y="${MIDDLE - 6}" width="${hasWord ? Math.round(wordRoom - 8) : 14}" height="12"/>${statusMark(status, 11, MIDDLE)}${word}</svg>`
}
