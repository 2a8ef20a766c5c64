import { scaleLinear, scaleUtc } from 'd3-scale'
import { area, curveStepAfter, stack } from 'd3-shape'
import { type Status, STATUSES, statusLabel } from '../agreements/status.ts'
import { svgText, type SvgText } from './svg.ts'

/** By how much the number of agreements in a status changed on a day (`YYYY-MM-DD`). */
export interface StatusStep {
  day: string
  status: Status
  change: number
}

const WIDTH = 720
const HEIGHT = 240
const MARGIN = { top: 8, end: 8, bottom: 24, start: 36 }

type Level = { time: number } & Record<Status, number>

/** How many agreements stood in each status over time: a stacked area, in steps. Null for a register that is empty. */
export function statusOverTime(steps: readonly StatusStep[], today: string): SvgText | null {
  const levels = levelsOf(steps, Date.parse(today))
  const [first] = levels
  if (!first) return null
  const total = (level: Level) => STATUSES.reduce((sum, status) => sum + level[status], 0)
  const x = scaleUtc()
    .domain([first.time, Date.parse(today)])
    .range([MARGIN.start, WIDTH - MARGIN.end])
  const y = scaleLinear()
    .domain([0, Math.max(...levels.map(total))])
    .nice(4)
    .range([HEIGHT - MARGIN.bottom, MARGIN.top])
  const shape = area<[number, number] & { data: Level }>()
    .x((point) => x(point.data.time))
    .y0((point) => y(point[0]))
    .y1((point) => y(point[1]))
    .curve(curveStepAfter)
    .digits(1)
  const layers = stack<Level, Status>()
    .keys(STATUSES)(levels)
    .map(
      (layer) =>
        svgText`<path class="status-${layer.key}" d="${shape(layer as unknown as ([number, number] & { data: Level })[]) ?? ''}"><title>${statusLabel(layer.key)}</title></path>`,
    )
  const years = x
    .ticks(6)
    .map(
      (day) =>
        svgText`<text class="chart-tick" x="${Math.round(x(day))}" y="${HEIGHT - 6}">${day.getUTCFullYear()}</text>`,
    )
  const counts = y
    .ticks(4)
    .map(
      (count) =>
        svgText`<line class="chart-line" x1="${MARGIN.start}" x2="${WIDTH - MARGIN.end}" y1="${Math.round(y(count))}" y2="${Math.round(y(count))}"/><text class="chart-count" x="${MARGIN.start - 6}" y="${Math.round(y(count)) + 4}">${count.toLocaleString('en')}</text>`,
    )
  return svgText`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" class="status-chart" role="img" aria-labelledby="status-chart-title"><title id="status-chart-title">${describe(levels)}</title>${counts}${layers}${years}</svg>`
}

/** The picture has room for so many steps; a longer history is drawn by the year. */
const MOST_MONTHS = 240

function levelsOf(steps: readonly StatusStep[], today: number): Level[] {
  const months = new Set(steps.map(({ day }) => day.slice(0, 7)))
  const startOf = (day: string) => (months.size > MOST_MONTHS ? `${day.slice(0, 4)}-01-01` : `${day.slice(0, 7)}-01`)
  const level: Level = { time: 0, active: 0, under_review: 0, annulled: 0, reassigned: 0 }
  const levels = new Map<number, Level>()
  for (const { day, status, change } of [...steps].sort((a, b) => (a.day < b.day ? -1 : 1))) {
    level.time = Date.parse(startOf(day))
    level[status] += change
    levels.set(level.time, { ...level })
  }
  return levels.size === 0 ? [] : [...levels.values(), { ...level, time: today }]
}

function describe(levels: readonly Level[]): string {
  const last = levels.at(-1)
  const now = STATUSES.map((status) => `${last?.[status].toLocaleString('en')} ${statusLabel(status).toLowerCase()}`)
  return `Agreements by status since ${new Date(levels[0]?.time ?? 0).getUTCFullYear()}. Today: ${now.join(', ')}.`
}
