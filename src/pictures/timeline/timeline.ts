import { firstDay } from '../../time/partial-date.ts'
import { pictureId, svgText, type SvgText } from '../svg.ts'
import { texturePatterns } from '../textures.ts'
import { timelineAxis } from './axis.ts'
import { BAR_HEIGHT, drawBars, stood } from './bars.ts'
import { drawPins } from './pin-shapes.ts'
import { arrangePins, isDenial, type Pin, pinRoom, type PinSide, pinsOf } from './pins.ts'
import { LATER_ROOM, recordedLane, recordedOn } from './recorded.ts'
import { type TimelineScale, timelineScale } from './scale.ts'
import type { TimelineInput } from './input.ts'

const WIDTH = 1040
const GUTTER = 76
const END = 8
const LEAST_BAR = 112
/** Room for a lane's name where it has no pins. */
const NAME_ROOM = 36

/**
 * An agreement's positions as bars, with the claims as pins: above the bars what supports the register or merely asserts,
 * below what speaks against it. A bar is hatched over the span in which it may have begun, where only the month or
 * the year is known; a claim's whisker spans the days on which it may have been said. Time is compressed between events.
 *
 * The lowest lane marks the days on which the register learnt of it. They stand where the scale puts them and do not
 * stretch it; those after the last day drawn are counted behind the lane's end as later. Positions and claims of later days
 * are not drawn, and the text equivalent says so.
 */
export function timeline(input: TimelineInput): SvgText | null {
  const { claims, until } = input
  const positions = input.positions.filter(({ effective_on }) => firstDay(effective_on) <= until)
  if (positions.length === 0) return null
  const pins = pinsOf(claims, until)
  const recorded = recordedDays(input)
  const starts = positions.map(({ effective_on }) => Date.parse(firstDay(effective_on)))
  const others = pins.map(({ said }) => Date.parse(firstDay(said)))
  // What was recorded before anything happened begins the axis.
  const earliest = Math.min(...starts, ...others, Date.parse(recorded[0] ?? until))
  const scale = timelineScale(
    { positions: starts, others: [...others, earliest], until: Date.parse(until) },
    {
      from: GUTTER,
      to: WIDTH - (recorded.some((day) => day > until) ? LATER_ROOM : END),
      leastBar: LEAST_BAR,
      tail: Math.max(0, ...pins.map(pinRoom)),
    },
  )
  const sides = { said: sideOf(claims, pins, scale, false), denied: sideOf(claims, pins, scale, true) }
  // The bars' upper edge is at 0.
  const top = -sides.said.room - 6
  const axis = BAR_HEIGHT + sides.denied.room + 14
  const lane = axis + 36
  const id = pictureId('timeline', input)
  const dates = positions.map(({ effective_on }) => effective_on)
  return svgText`<svg viewBox="0 ${top} ${WIDTH} ${lane + 10 - top}" class="picture timeline" role="img" aria-labelledby="${id}"><title id="${id}">${describe(input)}</title><defs>${texturePatterns(id)}</defs>${[
    timelineAxis(dates, until, scale, [top, axis]),
    ...drawBars(positions, scale, id),
    ...drawPins(sides.said, scale, 0, -1),
    ...drawPins(sides.denied, scale, BAR_HEIGHT, 1),
    ...sideName('Said', sides.said, -sides.said.middle),
    laneName('Register', BAR_HEIGHT / 2),
    ...sideName('Denied', sides.denied, BAR_HEIGHT + sides.denied.middle),
    laneName('Recorded', lane),
    recordedLane(recorded, until, scale, lane),
  ]}</svg>`
}

type Side = PinSide & { undated: number }

/** The pins of what is said to be so, or denied, and how many more have no day to stand on. */
function sideOf(claims: TimelineInput['claims'], pins: readonly Pin[], scale: TimelineScale, denied: boolean): Side {
  const isHere = (claim: TimelineInput['claims'][number]) => isDenial(claim) === denied
  const undated = claims.filter((claim) => claim.said === null && isHere(claim)).length
  const arranged = arrangePins(
    pins.filter(({ claim }) => isHere(claim)),
    scale,
  )
  const least = undated > 0 ? NAME_ROOM : 0
  return { ...arranged, undated, room: Math.max(arranged.room, least), middle: Math.max(arranged.middle, least / 2) }
}

function recordedDays({ positions, claims }: TimelineInput): string[] {
  return [...new Set([...positions, ...claims].map(({ recorded_at }) => recorded_at.slice(0, 10)))].sort()
}

function sideName(name: string, { room, undated }: Side, y: number): SvgText[] {
  if (room === 0) return []
  if (undated === 0) return [laneName(name, y)]
  return [
    laneName(name, y - 8),
    svgText`<text class="timeline-undated" x="0" y="${y + 12}"><title>Claims whose day is not known</title>${undated} undated</text>`,
  ]
}

function laneName(name: string, y: number): SvgText {
  return svgText`<text class="timeline-lane" x="0" y="${y + 4}">${name}</text>`
}

function describe(input: TimelineInput): string {
  const { positions, claims, until } = input
  const denials = claims.filter(isDenial).length
  const against = claims.filter((claim) => claim.against).length
  const undated = claims.filter(({ said }) => said === null).length
  const later = claims.length - undated - pinsOf(claims, until).length
  const comments = [
    ...(denials > 0 ? [`${denials} of them ${denials === 1 ? 'denies or declines' : 'deny or decline'}`] : []),
    ...(against > 0 ? [`${against} of them against the register`] : []),
    ...(undated > 0 ? [`${undated} of an unknown day`] : []),
    ...(later > 0 ? [`${later} of a later day and not drawn`] : []),
  ]
  const said = claims.length === 1 ? '1 claim' : `${claims.length} claims`
  return `${positions.map(stood).join(', then ')}. ${[said, ...comments].join(', ')}. ${recordedOn(recordedDays(input))}.`
}
