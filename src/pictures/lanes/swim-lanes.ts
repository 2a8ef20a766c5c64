import { STATUSES, statusLabel } from '../../words/status.ts'
import { firstDay, formatPartialDate } from '../../time/partial-date.ts'
import { clipLabel, isolated, labelWidth } from '../label.ts'
import { laneBars } from './bars.ts'
import { laneScale, LEAST_WIDTH, type YearLine, yearsOf } from './scale.ts'
import { pictureId, svgText, type SvgText } from '../svg.ts'
import { texturePatterns } from '../textures.ts'
import type { Lane } from './lane.ts'

/** From this width on, by the stylesheet, titles are clipped later. */
const WIDE = 1072
const HEAD = 32
const LANE_HEIGHT = 48
const FOOT = 48
const FONT_SIZE = { title: 12.5, contested: 11 }
/** The width of a letter of a reference, which is in the monospace font. */
const REFERENCE_LETTER = 7.7
const MOST_LANES = 60

/**
 * Where many agreements stood, one a lane, on one scale that runs through all lanes. Years long past are drawn narrower than
 * recent ones, by the square root of their age, and the picture says so below. Agreements that did not stand yet on the last
 * day drawn have no lane. Places across are percentages, so that words keep their size in any width.
 */
export function swimLanes(lanes: readonly Lane[], until: string): SvgText | null {
  const standing = lanes
    .map((lane) => ({ ...lane, positions: lane.positions.filter((one) => firstDay(one.effective_on) <= until) }))
    .filter(({ positions }) => positions.length > 0)
  const drawn = standing.slice(0, MOST_LANES)
  if (drawn.length === 0) return null
  const id = pictureId('lanes', { lanes, until })
  const scale = laneScale(drawn, until)
  const foot = HEAD + drawn.length * LANE_HEIGHT
  const years = yearsOf(scale, until)
  return svgText`<svg height="${foot + FOOT}" class="picture lanes" role="group" aria-labelledby="${id}"><title id="${id}">${describe(drawn, until)}</title><defs>${texturePatterns(id)}</defs>${years.map(
    ({ at }) => svgText`<line class="lanes-line" x1="${at}%" x2="${at}%" y1="${HEAD - 8}" y2="${foot}"/>`,
  )}${yearAxis(years, HEAD - 8, -1)}${yearAxis(years, foot, 1)}${drawn.map(
    (lane, index) =>
      svgText`<svg y="${HEAD + index * LANE_HEIGHT}" height="${LANE_HEIGHT}">${heading(lane)}${laneBars(lane.positions, scale, id)}</svg>`,
  )}<text class="lanes-note" x="0" y="${foot + 42}">${note(scale.isEven, standing.length - drawn.length)}</text></svg>`
}

function yearAxis(years: readonly YearLine[], y: number, out: 1 | -1): SvgText {
  return svgText`<line class="lanes-axis" x1="0" x2="100%" y1="${y}" y2="${y}"/>${years.map(
    ({ at, label, anchor }) =>
      svgText`<text class="lanes-year" text-anchor="${anchor}" x="${at}%" y="${y + (out === 1 ? 16 : -7)}">${label}</text>`,
  )}`
}

/** The reference as a link, the title on one line as long as the width allows, and the word where it is contested. */
function heading({ reference, title, href, contested }: Lane): SvgText {
  const start = Math.ceil(reference.length * REFERENCE_LETTER) + 10
  const flag = Math.ceil(labelWidth('contested', FONT_SIZE.contested)) + 12
  const clipped = (width: number) => clipLabel(title, width - start - (contested ? flag + 12 : 0), FONT_SIZE.title)
  const [narrow, wide] = [clipped(LEAST_WIDTH), clipped(WIDE)]
  const titles =
    narrow === wide
      ? svgText`<text class="lane-title" x="${start}" y="13">${isolated(wide)}</text>`
      : svgText`<text class="lane-title lane-title-narrow" x="${start}" y="13">${isolated(narrow)}</text><text class="lane-title lane-title-wide" x="${start}" y="13">${isolated(wide)}</text>`
  const word = svgText`<svg x="100%" width="1"><rect class="lane-flag" x="${-flag}" y="0.5" width="${flag}" height="16" rx="3"/><text class="lane-contested" x="-6" y="12">contested</text></svg>`
  return svgText`<a class="lane-link" href="${href}" aria-label="${reference}, ${isolated(title)}"><text class="lane-reference" y="13">${reference}</text></a><g aria-hidden="true"><title>${title}</title>${titles}</g>${contested ? word : ''}`
}

function note(isEven: boolean, left: number): string {
  const scale = isEven ? 'All years are equally wide.' : 'Years long past are drawn narrower than recent ones.'
  return left === 0 ? scale : `${scale} ${left} more ${left === 1 ? 'agreement is' : 'agreements are'} not drawn.`
}

function describe(lanes: readonly Lane[], until: string): string {
  const now = STATUSES.map((status) => ({
    status,
    count: lanes.filter(({ positions }) => positions.at(-1)?.status === status).length,
  })).filter(({ count }) => count > 0)
  const contested = lanes.filter(({ contested }) => contested).length
  const firsts = lanes.flatMap(({ positions }) => positions.map((one) => one.effective_on)).sort()
  const stood = now.map(({ status, count }) => `${count} ${statusLabel(status).toLowerCase()}`)
  return `Where ${lanes.length === 1 ? '1 agreement' : `${lanes.length} agreements`} stood from ${formatPartialDate(firsts[0] ?? until)} to ${formatPartialDate(until)}. In the end ${stood.join(', ')}${contested > 0 ? `; ${contested} contested` : ''}.`
}
