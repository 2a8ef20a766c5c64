import { scaleLinear, scaleUtc } from 'd3-scale'
import { area, curveStepAfter, stack } from 'd3-shape'
import { type Status, STATUSES, statusLabel } from '../../words/status.ts'
import { formatPartialDate } from '../../time/partial-date.ts'
import { labelWidth } from '../label.ts'
import { type Level, levelsOf, type StatusStep } from './levels.ts'
import { pictureId, round, svgText, type SvgText } from '../svg.ts'
import { statusMark, textureFill, texturePatterns } from '../textures.ts'

export type { StatusStep } from './levels.ts'
export { statusTable } from './levels.ts'
export { statusSwatch } from '../textures.ts'

const HEIGHT = 220
/** The plot is as wide as the page lets it be; shapes are drawn on a square of this side and stretched to it. */
const SIDE = 1000
/** The plot is hardly ever narrower than this, save where every second label is left out. */
const LEAST_WIDTH = 340
const FONT_SIZE = 12
const USUAL_TICKS = 7
const LABEL_HEIGHT = 18

const rounded = new Intl.NumberFormat('en', { notation: 'compact' })

type Layer = { status: Status; d: string; top: string; middle: number; count: number }

/**
 * How many agreements stood in each status over time: a stacked area, in steps. Null for a register that is empty. The plot
 * stretches with the page while its words and textures keep their size: the areas are cut out of textured rectangles,
 * and places across are percentages.
 */
export function statusOverTime(steps: readonly StatusStep[], until: string): SvgText | null {
  const levels = levelsOf(steps, until)
  const [first] = levels
  if (!first) return null
  const last = levels.at(-1) ?? first
  const id = pictureId('status-chart', { levels })
  const x = scaleUtc().domain([first.time, last.time]).range([0, SIDE])
  const y = scaleLinear()
    .domain([0, Math.max(1, ...levels.map(totalOf))])
    .nice(4)
    .range([SIDE, 0])
  const layers = layersOf(levels, x, y)
  return svgText`<svg height="${HEIGHT}" class="picture status-chart" role="img" aria-labelledby="${id}"><title id="${id}">${describe(levels, until)}</title><defs>${texturePatterns(id)}${layers.map(
    ({ status, d }) =>
      svgText`<clipPath id="${id}-${status}-area" clipPathUnits="objectBoundingBox"><path transform="scale(${1 / SIDE})" d="${d}"/></clipPath>`,
  )}</defs><text class="chart-unit" x="-30" y="-15">agreements</text>${counts(y)}${layers.map(
    ({ status }) =>
      svgText`<rect width="100%" height="100%" fill="${textureFill(id, status)}" clip-path="url(#${id}-${status}-area)"><title>${statusLabel(status)}</title></rect>`,
  )}<svg width="100%" height="100%" viewBox="0 0 ${SIDE} ${SIDE}" preserveAspectRatio="none">${layers.map(
    ({ top }) => svgText`<path class="chart-edge" d="${top}"/>`,
  )}</svg>${days(x)}${names(layers)}</svg>`
}

function layersOf(levels: readonly Level[], x: (time: number) => number, y: (count: number) => number): Layer[] {
  type Point = [number, number] & { data: Level }
  const shape = area<Point>()
    .x((point) => x(point.data.time))
    .y0((point) => y(point[0]))
    .y1((point) => y(point[1]))
    .curve(curveStepAfter)
    .digits(1)
  return stack<Level, Status>()
    .keys(STATUSES)(levels)
    .map((series) => {
      const points = series as unknown as Point[]
      const [from = 0, to = 0] = points.at(-1) ?? []
      return {
        status: series.key,
        d: shape(points) ?? '',
        top: shape.lineY1()(points) ?? '',
        middle: (y((from + to) / 2) / SIDE) * HEIGHT,
        count: to - from,
      }
    })
}

/** The counts on the left, whole numbers only, with a line across at each. */
function counts(y: { (count: number): number; ticks(count: number): number[] }): SvgText[] {
  return y
    .ticks(4)
    .filter(Number.isInteger)
    .map((count) => {
      const at = round((y(count) / SIDE) * HEIGHT)
      return svgText`<line class="chart-line" x1="0" x2="100%" y1="${at}" y2="${at}"/><text class="chart-count" x="-8" y="${at + 4}">${rounded.format(count)}</text>`
    })
}

/** The days below. Where the plot is narrow, every second label is left out. */
function days(x: { (day: Date): number; ticks(count: number): Date[] }): SvgText[] {
  const ticks = x.ticks(USUAL_TICKS)
  const labels = dayLabels(ticks.map((day) => day.toISOString().slice(0, 10)))
  const widest = Math.max(...labels.map((label) => labelWidth(label, FONT_SIZE)))
  const every = Math.ceil(ticks.length / Math.floor(LEAST_WIDTH / (widest + 12)))
  const shown = ticks
    .map((day, index) => ({ day, label: labels[index] ?? '' }))
    .filter((_, index) => index % every === 0)
  return shown.map(({ day, label }, index) => {
    const at = `${round(x(day) / (SIDE / 100))}%`
    return svgText`<line class="chart-notch" x1="${at}" x2="${at}" y1="${HEIGHT}" y2="${HEIGHT + 5}"/><text class="chart-tick${index % 2 === 1 ? ' chart-tick-minor' : ''}" x="${at}" y="${HEIGHT + 19}">${label}</text>`
  })
}

/** Days as years, where all are a year's first, or as months, where all are a month's first. */
function dayLabels(days: readonly string[]): string[] {
  const length = days.every((day) => day.endsWith('-01-01')) ? 4 : days.every((day) => day.endsWith('-01')) ? 7 : 10
  return days.map((day) => formatPartialDate(day.slice(0, length)))
}

/** The name and the last count of each status beside the place where its layer ends, moved apart where layers are thin. */
function names(layers: readonly Layer[]): SvgText[] {
  const shown = layers.filter(({ count }) => count > 0).toReversed()
  const places: number[] = []
  for (const { middle } of shown) places.push(Math.max(middle, (places.at(-1) ?? -LABEL_HEIGHT / 2) + LABEL_HEIGHT))
  for (let index = places.length - 1, lowest = HEIGHT - LABEL_HEIGHT / 2; index >= 0; index--, lowest -= LABEL_HEIGHT)
    places[index] = Math.min(places[index] ?? 0, lowest)
  return shown.map(({ status, middle, count }, index) => {
    const at = round(places[index] ?? middle)
    return svgText`<svg class="chart-name status-${status}" x="100%"><path class="chart-leader" d="M2 ${round(middle)}L12 ${at}H16"/>${statusMark(status, 26, at)}<text x="37" y="${at + 4}">${statusLabel(status)} <tspan class="chart-number">${count < 100_000 ? count.toLocaleString('en') : rounded.format(count)}</tspan></text></svg>`
  })
}

function totalOf(level: Level): number {
  return STATUSES.reduce((sum, status) => sum + level[status], 0)
}

function describe(levels: readonly Level[], until: string): string {
  const last = levels.at(-1)
  const now = STATUSES.map(
    (status) => `${(last?.[status] ?? 0).toLocaleString('en')} ${statusLabel(status).toLowerCase()}`,
  )
  const since = new Date(levels[0]?.time ?? 0).getUTCFullYear()
  return `Agreements by status since ${since}. On ${formatPartialDate(until)}: ${now.join(', ')}.`
}
