import { statusLabel } from '../../words/status.ts'
import { firstDay, type PartialDate } from '../../time/partial-date.ts'
import { clipLabel, labelWidth } from '../label.ts'
import { round } from '../svg.ts'
import type { TimelineInput } from './input.ts'
import type { TimelineScale } from './scale.ts'

export type DrawnClaim = TimelineInput['claims'][number]

/** A claim whose day is known, with the words beside its head. */
export interface Pin {
  claim: DrawnClaim
  said: PartialDate
  name: string
  rest: string
  width: number
}

const FONT_SIZE = 12
/** What a name may take where there are few pins, and where there are many. */
const NAME_ROOM = { few: 200, many: 140 }
const FEW = 12
const LEVELS = 6
const LEVEL_HEIGHT = 20
const HEAD_WIDTH = 12
const CROWD_GAP = 2
/** From a pin's foot to its label, and from a label to the next stem. */
export const LABEL_START = 10
const LABEL_GAP = 9
/** From the bar to the heads nearest to it. */
const NEAREST = 17
const CROWD_HEIGHT = 17

/** Denials and refusals to confirm stand below the bars, whatever the register holds: a denial may well support it. */
export function isDenial({ stance }: DrawnClaim): boolean {
  return stance !== 'asserts'
}

/** The pins of the claims whose day is known and not later than the last day drawn. */
export function pinsOf(claims: readonly DrawnClaim[], until: string): Pin[] {
  const dated = claims.flatMap((claim) =>
    claim.said !== null && firstDay(claim.said) <= until ? [{ claim, said: claim.said }] : [],
  )
  return dated.map(({ claim, said }) => pinOf(claim, said, dated.length <= FEW ? NAME_ROOM.few : NAME_ROOM.many))
}

/** A denial says that it is one, and so does what contradicts the register. */
function pinOf(claim: DrawnClaim, said: PartialDate, nameRoom: number): Pin {
  const name = clipLabel(claim.asserted_by.split(/, |، | \(|; /)[0] ?? '', nameRoom, FONT_SIZE)
  const says = claim.stance === 'asserts' ? `says ${statusLabel(claim.status)}` : claim.stance
  const rest = [isDenial(claim) || claim.against ? `· ${says}` : '', claim.copies > 0 ? `+${claim.copies}` : '']
    .join(' ')
    .trim()
  return { claim, said, name, rest, width: labelWidth(`${name} ${rest}`, FONT_SIZE) }
}

/** What a pin takes to the right of its foot. */
export function pinRoom({ width }: Pin): number {
  return LABEL_START + width + LABEL_GAP
}

/** The pins at one side of the bars: those with a label, each at its distance, the rest as heads close to the bars. */
export interface PinSide {
  placed: { pin: Pin; x: number; distance: number }[]
  crowds: Crowd[]
  /** How far the side reaches from the edge of the bars. */
  room: number
  /** How far its middle is from there. */
  middle: number
}

/** Pins without a label that stand too close to be told apart. */
export interface Crowd {
  pins: Pin[]
  x: number
  width: number
}

interface At {
  pin: Pin
  x: number
}

/**
 * Gives each pin a level so that no stem runs through a label: a label must lie farther out than every pin that stands
 * under it. Begins with the latest. Pins for which no level is left stand close to the bars, without a label.
 */
export function arrangePins(pins: readonly Pin[], scale: TimelineScale): PinSide {
  const placed: (At & { level: number })[] = []
  const left: At[] = []
  const withPlaces = pins.map((pin) => ({ pin, x: round(scale.at(Date.parse(firstDay(pin.said)))) }))
  for (const { pin, x } of withPlaces.sort((a, b) => b.x - a.x || b.pin.claim.copies - a.pin.claim.copies)) {
    const reach = x + pinRoom(pin)
    const level = placed.reduce((most, other) => (other.x <= reach ? Math.max(most, other.level + 1) : most), 0)
    if (level < LEVELS) placed.push({ pin, x, level })
    else left.push({ pin, x })
  }
  if (placed.length === 0) return { placed: [], crowds: [], room: 0, middle: 0 }
  const nearest = NEAREST + (left.length > 0 ? CROWD_HEIGHT : 0)
  const farthest = nearest + Math.max(...placed.map(({ level }) => level)) * LEVEL_HEIGHT
  return {
    placed: placed.map(({ pin, x, level }) => ({ pin, x, distance: nearest + level * LEVEL_HEIGHT })),
    crowds: crowdsOf(left.toReversed()),
    room: farthest + 8,
    middle: (NEAREST + farthest) / 2,
  }
}

/** From left to right; where two crowds touch they become one. */
function crowdsOf(left: readonly At[]): Crowd[] {
  const crowds: At[][] = []
  for (const one of left) {
    const crowd = [one]
    for (let before = crowds.at(-1); before && touches(before, crowd); before = crowds.at(-1)) {
      crowd.unshift(...before)
      crowds.pop()
    }
    crowds.push(crowd)
  }
  return crowds.map((crowd) => ({ pins: crowd.map(({ pin }) => pin), x: middleOf(crowd), width: widthOf(crowd) }))
}

function touches(before: readonly At[], after: readonly At[]): boolean {
  return middleOf(before) + widthOf(before) / 2 + CROWD_GAP >= middleOf(after) - widthOf(after) / 2
}

function middleOf(crowd: readonly At[]): number {
  return round(((crowd[0]?.x ?? 0) + (crowd.at(-1)?.x ?? 0)) / 2)
}

function widthOf(crowd: readonly At[]): number {
  return crowd.length === 1 ? HEAD_WIDTH : round(labelWidth(String(crowd.length), FONT_SIZE) + 10)
}
