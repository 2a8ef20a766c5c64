import { CONNECTIONS, type Measurement } from './measure.ts'
import type { Page } from './pages.ts'
import { type Figure, judge, type Rate, type Verdict } from './report.ts'
import type { Measured } from './statistics.ts'

const MOST = CONNECTIONS.length - 1

/** The rates with their floors and aims; aims speak of the most connections, save those that say one. */
export function ratesOf({ pages, statusChanges, floors, exports }: Measurement): Rate[] {
  const list = pages[0]?.measured[MOST]
  const rates: Rate[] = []
  const add = (
    what: string,
    all: readonly Measured[],
    floor: (index: number) => Measured,
    aim: Aim = () => null,
    alone?: (measured: Measured) => Verdict | null,
  ) => {
    for (const [index, measured] of all.entries()) {
      const ofFloor = (measured.perSecond / floor(index).perSecond) * 100
      const verdict = index === MOST ? aim(measured, ofFloor) : (alone?.(measured) ?? null)
      rates.push({ what, connections: CONNECTIONS[index] ?? 0, ...measured, ofFloor, verdict })
    }
  }
  for (const { page, measured } of pages) {
    add(
      page.what,
      measured,
      (index) => floors[page.floor].measured[index] ?? floors.status,
      (reached, ofFloor) => judgePage(page, reached, ofFloor, list),
      ({ p99 }) => {
        const { mostP99Alone: most } = page.aim
        return most === undefined ? null : judge([`p99 < ${most} ms`, p99 < most])
      },
    )
  }
  add(
    'change of status',
    statusChanges,
    () => floors.status,
    (_measured, ofFloor) => judge(['>= 40 % of floor', ofFloor >= 40]),
  )
  const { listMeanwhile } = exports
  const verdict = judge(['p99 < 60 ms', listMeanwhile.p99 < 60])
  rates.push({ what: 'list, page 1, during exports', connections: 4, ...listMeanwhile, ofFloor: null, verdict })
  for (const [what, all] of [
    [`floor: node:http, ${floors.list.bytes} bytes (list)`, floors.list.measured],
    [`floor: node:http, ${floors.dossier.bytes} bytes (dossier)`, floors.dossier.measured],
    ['floor: SQLite, change of status', [floors.status]],
  ] as const) {
    for (const [index, measured] of all.entries())
      rates.push({ what, connections: CONNECTIONS[index] ?? 0, ...measured, ofFloor: 100, verdict: null })
  }
  return rates
}

type Aim = (measured: Measured, ofFloor: number) => Verdict | null

function judgePage({ aim }: Page, measured: Measured, ofFloor: number, list: Measured | undefined): Verdict | null {
  const { leastPercentOfFloor, mostP99, leastShareOfList } = aim
  const conditions: [string, boolean][] = []
  if (leastPercentOfFloor !== undefined)
    conditions.push([`>= ${leastPercentOfFloor} % of floor`, ofFloor >= leastPercentOfFloor])
  if (mostP99 !== undefined) conditions.push([`p99 < ${mostP99} ms`, measured.p99 < mostP99])
  if (leastShareOfList !== undefined && list)
    conditions.push(['>= 1/3 of page 1', measured.perSecond >= list.perSecond * leastShareOfList])
  return judge(...conditions)
}

/** The single figures with their aims. */
export function figuresOf(measurement: Measurement): Figure[] {
  const { startUp, exports, floors, peakOfFirstExport, peak, firstAnswers, generatedInSeconds } = measurement
  const { coldStartMilliseconds: coldStart, idle } = startUp
  const share = (exports.rowsPerSecond / floors.csv.rowsPerSecond) * 100
  const firstAbove = above(peakOfFirstExport, idle)
  const laterAbove = above(exports.memoryPeak, idle)
  return [
    figure('CSV of everything', exports.rowsPerSecond, 'rows/s'),
    figure(`floor: ${floors.csv.program}`, floors.csv.rowsPerSecond, 'rows/s'),
    figure('CSV, share of its floor', share, '%', judge(['>= 50 %', share >= 50])),
    ...exports.ofMoments.map(({ what, rowsPerSecond }) =>
      figure(what, rowsPerSecond, 'rows/s', judge(['>= 60,000 rows/s', rowsPerSecond >= 60_000])),
    ),
    figure('memory of an export by the fresh server, above idle', firstAbove, 'MB', most100(firstAbove)),
    figure('memory of exports after all else, above idle', laterAbove, 'MB', most100(laterAbove)),
    figure(
      'memory of exports after all else, above what it was',
      above(exports.memoryPeak, exports.memoryBefore),
      'MB',
    ),
    figure('change of status in the middle of an export', exports.changeMilliseconds, 'ms'),
    figure('cold start (compile cache warm)', coldStart, 'ms', judge(['< 1000 ms', coldStart < 1000])),
    figure('memory, idle', idle, 'MB', idle === null ? null : judge(['< 140 MB', idle < 140])),
    figure('memory, peak', peak, 'MB'),
    ...firstAnswers.flatMap(({ what, median, slowest }) => [
      figure(`first answer after a change, median: ${what}`, median, 'ms'),
      figure(`first answer after a change, slowest: ${what}`, slowest, 'ms'),
    ]),
    ...(generatedInSeconds === null ? [] : [figure('making the register', generatedInSeconds, 's')]),
  ]
}

const most100 = (value: number | null) => (value === null ? null : judge(['<= 100 MB', value <= 100]))

function figure(what: string, value: number | null, unit: string, verdict: Verdict | null = null): Figure {
  return { what, value, unit, verdict }
}

function above(value: number | null, base: number | null): number | null {
  return value === null || base === null ? null : value - base
}
