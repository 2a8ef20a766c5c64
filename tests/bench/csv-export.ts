import { ask, connection } from './http.ts'
import type { Plan } from './options.ts'
import { loadPages } from './pages.ts'
import type { Mover } from './register.ts'
import { memory, peakDuring, type Server } from './server.ts'
import { type Measured, median, medianOf } from './statistics.ts'
import type { StatusForm } from './status-changes.ts'

const CONNECTIONS = 4
const LINE_FEED = 10

/** What exports of the whole register do; memory in MB. */
export interface Exports {
  rowsPerSecond: number
  /** Of the register at other moments. */
  ofMoments: { what: string; rowsPerSecond: number }[]
  /** The list while exports run, one after the other. */
  listMeanwhile: Measured
  /** A change of status in the middle of an export. */
  changeMilliseconds: number
  /** What the server had before these exports, and its most while they ran. */
  memoryBefore: number | null
  memoryPeak: number | null
}

/** Counts the lines of what passes by. */
export class LineCount {
  lines = 0

  take(chunk: Buffer): void {
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, at + 1)) this.lines += 1
  }
}

/**
 * Reads one export to its end and checks that every row is there; rows a second.
 * @param atHalf called with the chunk that brings half of the rows
 */
export async function exportOnce({ port }: Server, agreements: number, atHalf?: () => void): Promise<number> {
  const agent = connection()
  const count = new LineCount()
  const half = agreements / 2
  const take = (chunk: Buffer) => {
    const before = count.lines
    count.take(chunk)
    if (before < half && count.lines >= half) atHalf?.()
  }
  const began = performance.now()
  await ask({ agent, port, path: '/agreements.csv', take }, 200)
  const seconds = (performance.now() - began) / 1000
  agent.destroy()
  if (count.lines !== agreements + 1) throw new Error(`the export has ${count.lines} lines, not ${agreements + 1}`)
  return agreements / seconds
}

const MOMENTS = [
  ['CSV as of a day', 'as_of=2026-01-01'],
  ['CSV as known at an instant', 'known_at=2026-01-01'],
  ['CSV, both times', 'as_of=2026-01-01&known_at=2026-01-01'],
] as const

/** Reads one export of a moment to its end; rows a second. */
async function exportAt({ port }: Server, path: string): Promise<number> {
  const agent = connection()
  const count = new LineCount()
  const began = performance.now()
  await ask({ agent, port, path, take: (chunk) => count.take(chunk) }, 200)
  agent.destroy()
  return (count.lines - 1) / ((performance.now() - began) / 1000)
}

/** Measures exports alone, then exports while the list is read and a status changes. */
export async function measureExports(
  server: Server,
  form: StatusForm,
  mover: Mover,
  agreements: number,
  { runs, seconds }: Plan,
): Promise<Exports> {
  const memoryBefore = memory(server.pid, 'VmRSS')
  const rates: number[] = []
  const ofMoments: Exports['ofMoments'] = []
  const all: Measured[] = []
  const changes: number[] = []
  const memoryPeak = await peakDuring(server.pid, async () => {
    await exportOnce(server, agreements)
    for (let run = 0; run < Math.max(3, runs); run += 1) rates.push(await exportOnce(server, agreements))
    for (const [what, query] of MOMENTS) {
      const path = `/agreements.csv?${query}`
      const several: number[] = []
      for (let run = 0; run < Math.max(3, runs); run += 1) several.push(await exportAt(server, path))
      ofMoments.push({ what, rowsPerSecond: median(several) })
    }
    for (let run = 0; run < runs; run += 1) {
      const half = Promise.withResolvers<void>()
      const [measured, milliseconds] = await Promise.all([
        loadPages(server.url, ['/agreements'], CONNECTIONS, seconds),
        half.promise.then(() => change(form, mover)),
        exportUntil(server, agreements, performance.now() + seconds * 1000, half.resolve),
      ])
      all.push(measured)
      changes.push(milliseconds)
    }
  })
  return {
    rowsPerSecond: median(rates),
    ofMoments,
    listMeanwhile: medianOf(all),
    changeMilliseconds: median(changes),
    memoryBefore,
    memoryPeak,
  }
}

async function exportUntil(server: Server, agreements: number, until: number, atHalf: () => void): Promise<void> {
  while (performance.now() < until) await exportOnce(server, agreements, atHalf)
}

async function change(form: StatusForm, mover: Mover): Promise<number> {
  const agent = connection()
  const began = performance.now()
  await form.send(agent, mover)
  agent.destroy()
  return performance.now() - began
}
