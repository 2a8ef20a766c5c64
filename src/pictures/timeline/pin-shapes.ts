import { statusLabel } from '../../words/status.ts'
import { type Stance, stanceVerb } from '../../words/claim.ts'
import { formatPartialDate, lastDay } from '../../time/partial-date.ts'
import { isolated } from '../label.ts'
import { round, svgText, type SvgText } from '../svg.ts'
import { type Crowd, LABEL_START, type Pin, type PinSide } from './pins.ts'
import { DAY, type TimelineScale } from './scale.ts'

const LEAST_WHISKER = 6

/** A side's pins as SVG. `edge` is the bars' edge, `out` the direction away from it: -1 is up. */
export function drawPins({ placed, crowds }: PinSide, scale: TimelineScale, edge: number, out: 1 | -1): SvgText[] {
  const side = out === -1 ? 'above' : 'below'
  return [
    ...placed.map(
      ({ pin, x, distance }) =>
        svgText`<path class="pin-stem" d="M${x} ${edge + out * distance}V${edge}"/>${whisker(pin, x, edge + out * 4, scale)}`,
    ),
    ...crowds.map((crowd) => drawCrowd(crowd, edge + out * 12, side)),
    ...placed.map(({ pin, x, distance }) => drawPin(pin, x, edge + out * distance, side)),
  ]
}

/** The span in which it was said, where only the month or the year is known. */
function whisker({ said }: Pin, x: number, y: number, scale: TimelineScale): SvgText {
  if (said === lastDay(said)) return svgText``
  const to = Math.max(x + LEAST_WHISKER, round(scale.at(Date.parse(lastDay(said)) + DAY)))
  return svgText`<path class="pin-whisker" d="M${x} ${y}H${round(Math.min(to, scale.end))}m0 -2.5v5"/>`
}

function drawPin(pin: Pin, x: number, y: number, side: string): SvgText {
  const label = svgText`<text x="${round(x + LABEL_START)}" y="${y + 4}">${isolated(pin.name)} ${pin.rest}</text>`
  return svgText`<g class="timeline-pin ${side}"><title>${told(pin)}</title>${HEADS[pin.claim.stance](x, y)}${label}</g>`
}

/** One head, or their number in a capsule. */
function drawCrowd({ pins, x, width }: Crowd, y: number, side: string): SvgText {
  const [first] = pins
  const isOne = pins.length === 1 && first !== undefined
  const shape = isOne
    ? HEADS[first.claim.stance](x, y)
    : svgText`<rect class="pin-head" x="${round(x - width / 2)}" y="${y - 7.5}" width="${width}" height="15" rx="7.5"/><text x="${x}" y="${y + 4}">${pins.length}</text>`
  const title = isOne ? told(first) : `${pins.length} more claims`
  return svgText`<g class="timeline-pin timeline-crowd ${side}"><title>${title}</title>${shape}</g>`
}

/** The shape tells the stance: a circle asserts, a full diamond denies, a square declines. */
const HEADS: Record<Stance, (x: number, y: number) => SvgText> = {
  asserts: (x, y) => svgText`<circle class="pin-head" cx="${x}" cy="${y}" r="4.5"/>`,
  denies: (x, y) => svgText`<path class="pin-head pin-full" d="M${x} ${y - 5.5}l5.5 5.5l-5.5 5.5l-5.5 -5.5Z"/>`,
  declines: (x, y) => svgText`<path class="pin-head" d="M${round(x - 4)} ${y - 4}h8v8h-8Z"/>`,
}

function told({ claim, said }: Pin): string {
  const copies = claim.copies === 0 ? '' : `, repeated ${claim.copies === 1 ? 'once' : `${claim.copies} times`}`
  return `${isolated(claim.asserted_by)} · ${stanceVerb(claim.stance)} ${statusLabel(claim.status)}, ${formatPartialDate(said)}${copies}`
}
