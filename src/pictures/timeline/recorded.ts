import { formatPartialDate } from '../../time/partial-date.ts'
import { round, svgText, type SvgText } from '../svg.ts'
import { DAY, type TimelineScale } from './scale.ts'

/** What the lane's end takes where some days are later than the last day drawn. */
export const LATER_ROOM = 64

/**
 * The days on which the register learnt of it, as ticks on a thin lane: the ticks of days that are too close to be told
 * apart are one. Days after the last day drawn are counted behind the lane's end.
 */
export function recordedLane(days: readonly string[], until: string, scale: TimelineScale, y: number): SvgText {
  const drawn = days.filter((day) => day <= until)
  const later = days.length - drawn.length
  const ticks = Map.groupBy(drawn, (day) => Math.round(scale.at(Date.parse(day) + DAY / 2)))
  const start = scale.spans[0]?.start ?? 0
  return svgText`<path class="recorded-lane" d="M${start} ${y}H${scale.end}"/>${[...ticks].map(
    ([x, group]) =>
      svgText`<path class="recorded-tick" d="M${x} ${y - 5}v10"><title>${recordedOn(group)}</title></path>`,
  )}${later === 0 ? '' : recordedLater(later, scale.end, y)}`
}

/** `Recorded on 2 days from 3 Mar 2025 to 5 Mar 2025`. */
export function recordedOn(days: readonly string[]): string {
  const [first = '', last = first] = [days[0], days.at(-1)]
  if (days.length === 1) return `Recorded on ${formatPartialDate(first)}`
  return `Recorded on ${days.length} days from ${formatPartialDate(first)} to ${formatPartialDate(last)}`
}

function recordedLater(count: number, end: number, y: number): SvgText {
  return svgText`<path class="recorded-lane recorded-after" d="M${end} ${y}h12"/><path class="recorded-tick" d="M${round(end + 12)} ${y - 5}v10"/><text class="timeline-tick" x="${round(end + 17)}" y="${y + 4}">${count} later</text>`
}
