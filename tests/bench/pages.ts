import autocannon from 'autocannon'
import type { Plan } from './options.ts'
import { type Measured, medianOfRuns, sumUp } from './statistics.ts'

const TERMS = 'port tartus loan railways made Engineering Договор Кредит معاهدة Syria سوريا سوريا+معاهدة'.split(' ')

/** From before most agreements to today; what made-up analysts recorded, they recorded from 2021 to 2026. */
const DAYS = Array.from({ length: 20 }, (_, index) => `${1988 + 2 * index}-0${1 + (index % 9)}-15`)
const KNOWN = Array.from({ length: 10 }, (_, index) => `${2021 + Math.floor(index / 2)}-${index % 2 ? '09' : '03'}-01`)

/** A page, or several that take turns, what it is compared with, and what it should reach with the most connections. */
export interface Page {
  what: string
  paths: string[]
  floor: 'list' | 'dossier'
  aim: {
    leastPercentOfFloor?: number
    mostP99?: number
    leastShareOfList?: number
    /** With one connection. */
    mostP99Alone?: number
  }
}

/** The pages that are measured; the first is the one that `leastShareOfList` speaks of. */
export function pagesOf(agreements: number, references: readonly string[]): Page[] {
  const late = Math.min(1000, Math.floor(agreements / 50))
  const list = { leastPercentOfFloor: 15, mostP99: 20 }
  return [
    { what: 'list, page 1', paths: ['/agreements'], floor: 'list', aim: list },
    {
      what: 'list, filtered and sorted',
      paths: ['/agreements?status=under_review&sector=ports&sort=-signed_on'],
      floor: 'list',
      aim: list,
    },
    {
      what: `list, page ${late}`,
      paths: [`/agreements?page=${late}`],
      floor: 'list',
      aim: { leastShareOfList: 1 / 3 },
    },
    {
      what: `search, ${TERMS.length} words`,
      paths: TERMS.map((term) => `/agreements?q=${encodeURIComponent(term.replace('+', ' '))}`),
      floor: 'list',
      aim: { leastShareOfList: 1 / 3 },
    },
    {
      what: `dossier, ${references.length} of them`,
      paths: references.map((reference) => `/agreements/${reference}`),
      floor: 'dossier',
      aim: { leastPercentOfFloor: 8 },
    },
    { what: 'history', paths: ['/changes'], floor: 'list', aim: {} },
    ...[
      { what: `list as of ${DAYS.length} days`, paths: DAYS.map((day) => `/agreements?as_of=${day}`) },
      { what: `list as known at ${KNOWN.length} instants`, paths: KNOWN.map((at) => `/agreements?known_at=${at}`) },
      {
        what: `list, both times, ${DAYS.length} pairs`,
        paths: DAYS.map((day, index) => `/agreements?as_of=${day}&known_at=${KNOWN[index % KNOWN.length]}`),
      },
      { what: 'list, contested', paths: ['/agreements?contested=yes', '/agreements?contested=yes&status=active'] },
      {
        what: 'dossier, both times',
        paths: references.map((reference) => `/agreements/${reference}?as_of=2026-02-15&known_at=2026-02-01`),
      },
      {
        what: `compare, ${DAYS.length - 1} pairs of days`,
        paths: DAYS.slice(1).map((day, index) => `/compare?from=${DAYS[index]}&to=${day}`),
      },
      { what: 'timeline of 60', paths: ['/agreements/timeline'] },
    ].map((page) => ({ ...page, floor: 'list' as const, aim: { mostP99Alone: 60 } })),
  ]
}

/** Loads pages with so many connections; throws unless every answer is a 2xx, or, for what is asked on a condition, a 304. */
export async function measurePages(
  url: string,
  paths: readonly string[],
  connections: number,
  plan: Plan,
  headers: Record<string, string> = {},
): Promise<Measured> {
  return medianOfRuns(plan, (seconds) => loadPages(url, paths, connections, seconds, headers))
}

/** Loads pages once for so many seconds. Each connection begins at another of them. */
export async function loadPages(
  url: string,
  paths: readonly string[],
  connections: number,
  seconds: number,
  headers: Record<string, string> = {},
): Promise<Measured> {
  const isConditional = 'If-None-Match' in headers
  const times: number[] = []
  let next = 0
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(
      {
        url: `${url}${paths[0]}`,
        connections,
        headers,
        duration: seconds,
        timeout: 30,
        setupClient: (client) => {
          if (paths.length === 1) return
          const from = Math.floor((next * paths.length) / connections)
          next += 1
          client.setRequests([...paths.slice(from), ...paths.slice(0, from)].map((path) => ({ method: 'GET', path })))
        },
      },
      (error, done) => (error ? reject(error) : resolve(done)),
    )
    instance.on('response', (_client, _status, _bytes, milliseconds) => times.push(milliseconds))
  })
  const unexpected = isConditional ? result['2xx'] + result['4xx'] + result['5xx'] : result.non2xx
  if (result.errors > 0 || result.timeouts > 0 || unexpected > 0) {
    throw new Error(
      `${paths[0]}: ${unexpected} unexpected answers, ${result.errors} errors, ${result.timeouts} timeouts`,
    )
  }
  return sumUp(times, result.duration)
}
