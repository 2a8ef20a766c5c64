import { CONNECTIONS, type EngineMeasurement, type Measurement } from './measure.ts'
import type { Page } from './pages.ts'
import { type Figure, judge, type Rate, type Verdict } from './report.ts'
import type { Measured } from './statistics.ts'

const MOST = CONNECTIONS.length - 1
const NAMES = { sqlite: '', postgres: 'PostgreSQL: ' }

/** The rates with their floors and aims; aims speak of the most connections, save those that say one. */
export function ratesOf({ engines, floors }: Measurement): Rate[] {
  const [first] = engines
  return [
    ...engines.flatMap((engine) => ratesOn(engine, floors, engine === first ? undefined : first)),
    ...floorRates(floors),
  ]
}

function ratesOn(
  { engine, pages, notModified, workers, statusChanges, exports }: EngineMeasurement,
  floors: Measurement['floors'],
  other: EngineMeasurement | undefined,
): Rate[] {
  const list = pages[0]?.measured[MOST]
  const otherList = other?.pages[0]?.measured[MOST]
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
      rates.push({ what: NAMES[engine] + what, connections: CONNECTIONS[index] ?? 0, ...measured, ofFloor, verdict })
    }
  }
  for (const { page, measured } of pages) {
    add(
      page.what,
      measured,
      (index) => floors[page.floor].measured[index] ?? floors.status,
      (reached, ofFloor) =>
        page === pages[0]?.page && otherList
          ? judge(['>= 1/2 of SQLite', reached.perSecond >= otherList.perSecond / 2])
          : judgePage(page, reached, ofFloor, list),
      ({ p99 }) => {
        const { mostP99Alone: most } = page.aim
        return most === undefined ? null : judge([`p99 < ${most} ms`, p99 < most])
      },
    )
  }
  add(
    'list, page 1, unchanged (304)',
    notModified,
    (index) => floors.notModified[index] ?? floors.status,
    (_measured, ofFloor) => (engine === 'sqlite' ? judge(['>= 60 % of floor', ofFloor >= 60]) : null),
  )
  add(
    'list, page 1, 2 processes',
    workers,
    (index) => floors.list.measured[index] ?? floors.status,
    ({ perSecond }) => (list ? judge(['>= 1.5 of one process', perSecond >= 1.5 * list.perSecond]) : null),
  )
  add(
    'change of status',
    statusChanges,
    () => floors.status,
    (_measured, ofFloor) => (engine === 'sqlite' ? judge(['>= 40 % of floor', ofFloor >= 40]) : null),
  )
  const { listMeanwhile } = exports
  const verdict = judge(['p99 < 60 ms', listMeanwhile.p99 < 60])
  const what = `${NAMES[engine]}list, page 1, during exports`
  rates.push({ what, connections: 4, ...listMeanwhile, ofFloor: null, verdict })
  return rates
}

function floorRates({ list, dossier, notModified, status }: Measurement['floors']): Rate[] {
  const all: [what: string, all: readonly Measured[]][] = [
    [`floor: node:http, ${list.bytes} bytes (list)`, list.measured],
    [`floor: node:http, ${dossier.bytes} bytes (dossier)`, dossier.measured],
    ['floor: node:http, 304', notModified],
    ['floor: SQLite, change of status', [status]],
  ]
  return all.flatMap(([what, measured]) =>
    measured.map((one, index) => ({
      what,
      connections: CONNECTIONS[index] ?? 0,
      ...one,
      ofFloor: 100,
      verdict: null,
    })),
  )
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
export function figuresOf({ engines, floors, generatedInSeconds }: Measurement): Figure[] {
  return [
    ...engines.flatMap((engine) => figuresOn(engine, floors)),
    figure(`floor: ${floors.csv.program}`, floors.csv.rowsPerSecond, 'rows/s'),
    ...(generatedInSeconds === null ? [] : [figure('making the register', generatedInSeconds, 's')]),
  ]
}

function figuresOn(measurement: EngineMeasurement, floors: Measurement['floors']): Figure[] {
  const { engine, startUp, exports, peakOfFirstExport, peak, firstAnswers, copiedInSeconds } = measurement
  const { coldStartMilliseconds: coldStart, idle } = startUp
  const share = (exports.rowsPerSecond / floors.csv.rowsPerSecond) * 100
  const firstAbove = above(peakOfFirstExport, idle)
  const laterAbove = above(exports.memoryPeak, idle)
  const figures = [
    figure('CSV of everything', exports.rowsPerSecond, 'rows/s'),
    figure('CSV, share of its floor', share, '%', engine === 'sqlite' ? judge(['>= 90 %', share >= 90]) : null),
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
    ...(copiedInSeconds === null ? [] : [figure('copying the register', copiedInSeconds, 's')]),
  ]
  return figures.map((one) => ({ ...one, what: NAMES[engine] + one.what }))
}

const most100 = (value: number | null) => (value === null ? null : judge(['<= 100 MB', value <= 100]))

function figure(what: string, value: number | null, unit: string, verdict: Verdict | null = null): Figure {
  return { what, value, unit, verdict }
}

function above(value: number | null, base: number | null): number | null {
  return value === null || base === null ? null : value - base
}
