import { once } from 'node:events'
import type { Response } from 'express'
import { BOM } from '../csv/csv.ts'
import { today, type Clock } from '../dates/clock.ts'

interface CsvFile {
  /** The file's name without day and ending, such as `agreements`. */
  name: string
  heading: string
  chunks: AsyncIterable<string>
  /** Begins with a byte order mark, for Excel. */
  bom: boolean
}

/** Sends a CSV file of any length as it is made: what the reader has not taken yet is not made yet. */
export async function sendCsv(res: Response, clock: Clock, { name, heading, chunks, bom }: CsvFile): Promise<void> {
  res.setHeader('Content-Type', 'text/csv; charset=utf-8')
  res.setHeader('Content-Disposition', `attachment; filename="${name}-${today(clock)}.csv"`)
  res.setHeader('Cache-Control', 'no-store')
  const gone = new AbortController()
  res.once('close', () => gone.abort())
  res.write((bom ? BOM : '') + heading)
  try {
    for await (const chunk of chunks) {
      if (gone.signal.aborted) return
      if (!res.write(chunk)) await once(res, 'drain', { signal: gone.signal })
    }
  } catch (error) {
    if (gone.signal.aborted) return
    // The heading is on its way: only a broken connection can tell the reader that rows are missing.
    res.destroy()
    throw error
  }
  res.end()
}
