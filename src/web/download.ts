import { BOM } from '../csv.ts'
import { badFilter } from '../errors.ts'
import type { Moment } from '../time/moment.ts'
import type { Visit } from './visit.ts'

interface Download {
  /** The file's name without day and ending, such as `agreements`. */
  name: string
  /** What the file holds is as of a moment, which its name says then. */
  moment: Moment
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

/** What the reader has not taken yet is not made yet. */
async function send(
  { response: res, today }: Visit,
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
  let isGone = false
  let goOn: (() => void) | undefined
  // One listener for all: compression does not forget those that are taken away again.
  res.on('drain', () => goOn?.())
  res.once('close', () => {
    isGone = true
    goOn?.()
  })
  try {
    for await (const chunk of chunks) {
      if (isGone) return
      if (!res.write(chunk))
        await new Promise<void>((resolve) => {
          goOn = resolve
        })
    }
  } catch (error) {
    if (isGone) return
    // The beginning is on its way: only a broken connection can tell the reader that rows are missing.
    if (res.headersSent) res.destroy()
    throw error
  }
  res.end()
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
