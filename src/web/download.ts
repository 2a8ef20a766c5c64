import type { Response } from 'express'
import { BOM } from '../csv.ts'
import { badFilter } from '../errors.ts'
import type { Moment } from '../time/moment.ts'
import { utf8 } from './bytes.ts'
import { leftBy } from './left.ts'
import type { Visit } from './visit.ts'

/** So much is sent before the next is waited with until it is taken. */
const PIECE_BYTES = 65_536

interface Download {
  /** The file's name without day and ending, such as `agreements`. */
  name: string
  /** What the file holds is as of a moment, which its name says then. */
  moment: Moment
  /** Nothing is read for them before the first is asked for. */
  chunks: AsyncIterable<string>
}

/** The parameters of an export, and whether it begins with a byte order mark, for Excel. */
export function takeBom({ bom, ...query }: Record<string, unknown>): { query: Record<string, unknown>; bom: boolean } {
  if (bom !== undefined && bom !== '1' && bom !== '0') throw badFilter({ bom: 'must be 1 or 0' })
  return { query, bom: bom === '1' }
}

/** Sends a CSV file of any length as it is made. */
export async function sendCsv(
  visit: Visit,
  { heading, bom, chunks, ...file }: Download & { heading: string; bom: boolean },
): Promise<void> {
  await send(visit, { ...file, chunks: withHead((bom ? BOM : '') + heading, chunks) }, 'csv', 'text/csv; charset=utf-8')
}

/** Sends a JSON file of any length as it is made. */
export async function sendJson(visit: Visit, file: Download): Promise<void> {
  await send(visit, file, 'json', 'application/json; charset=utf-8')
}

/**
 * Sends a file when its turn comes. What the reader has not taken yet is not made yet; who takes nothing for too long, or takes the
 * whole too slowly, is let go.
 */
async function send(visit: Visit, file: Download, ending: 'csv' | 'json', type: string): Promise<void> {
  const { response: res, exports } = visit
  const left = leftBy(res)
  const endTurn = await exports.take(left)
  try {
    await sendNow(visit, left, file, ending, type)
  } catch (error) {
    if (left.aborted) return
    // The beginning is on its way: only a broken connection can tell the reader that rows are missing.
    if (res.headersSent) res.destroy()
    throw error
  } finally {
    endTurn()
  }
}

async function sendNow(
  { request, response: res, today, context: { limits, log } }: Visit,
  left: AbortSignal,
  { name, moment, chunks }: Download,
  ending: 'csv' | 'json',
  type: string,
): Promise<void> {
  const { as_of, instant } = moment
  const of = [
    as_of === null ? '' : `-as-of-${as_of}`,
    instant === null ? '' : `-known-${instant.slice(0, 19).replaceAll(':', '')}Z`,
  ]
  res.setHeader('Content-Type', type)
  res.setHeader('Content-Disposition', `attachment; filename="${name}${of.join('')}-${today}.${ending}"`)
  if (!res.hasHeader('Cache-Control')) res.setHeader('Cache-Control', 'no-store')
  if (request.method === 'HEAD') return void res.end()
  const reader = new Reader(res, left)
  const deadline = performance.now() + limits.exportMs
  for await (const chunk of chunks) {
    for (const piece of piecesOf(chunk)) {
      if (!left.aborted && !res.write(piece))
        await reader.takes(Math.max(1, Math.min(limits.pieceMs, deadline - performance.now())))
      if (left.aborted) return
      if (!reader.isSlow) continue
      log.warn({ file: name }, 'a download was ended: its reader took too little of it')
      return void res.destroy()
    }
  }
  res.end()
}

function* piecesOf(chunk: string): Generator<Buffer> {
  const bytes = utf8(chunk)
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) yield bytes.subarray(from, from + PIECE_BYTES)
}

/** Whoever a file is sent to. */
class Reader {
  /** True once they took longer than they may. */
  isSlow = false
  #goOn = () => {}

  constructor(res: Response, left: AbortSignal) {
    // One listener for all: compression does not forget those that are taken away again.
    res.on('drain', () => this.#goOn())
    left.addEventListener('abort', () => this.#goOn())
  }

  /** Waits until what was written is taken, they are gone, or the time is over. */
  takes(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.isSlow = true
        resolve()
      }, milliseconds)
      this.#goOn = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** The heading goes with the first rows: a database that does not answer is told before anything is sent. */
async function* withHead(head: string, chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let waiting = head
  for await (const chunk of chunks) {
    yield waiting + chunk
    waiting = ''
  }
  if (waiting !== '') yield waiting
}
