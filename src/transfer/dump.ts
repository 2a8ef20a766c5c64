import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { z } from 'zod'
import { RECORDED_TABLES } from '../database/all-tables.ts'
import type { Snapshot } from '../database/database.ts'
import { MIGRATIONS } from '../database/migrate.ts'
import { type Counts, countAll } from './incoming.ts'
import { headOf, rowsOf } from './outgoing.ts'

/** The first had sessions, and settings of the servers. */
export const DUMP_FORMAT = 2
const COMPRESSION = 6

/** The first line. */
export const heading = z.object({
  clausula: z.literal('dump'),
  format: z.number(),
  /** The migrations that made the tables. */
  migrations: z.array(z.string()),
  head: z.string(),
  counts: z.record(z.string(), z.number()),
})
export type DumpHeading = z.infer<typeof heading> & { counts: Counts }

/**
 * Writes a register as gzipped JSON lines, which no engine has to be running to read (`docs/dump.md`): a heading, then for each table
 * its columns and its rows, then the SHA-256 of all lines before.
 */
export async function writeDump(snapshot: Snapshot, file: string): Promise<Counts> {
  const counts = await countAll(snapshot.read)
  const head = await headOf(snapshot)
  const first: DumpHeading = { clausula: 'dump', format: DUMP_FORMAT, migrations: MIGRATIONS, head, counts }
  const lines = Readable.from(hashed(linesOf(snapshot, first)))
  await pipeline(lines, createGzip({ level: COMPRESSION }), createWriteStream(file))
  return counts
}

async function* linesOf(snapshot: Snapshot, first: DumpHeading): AsyncGenerator<unknown[]> {
  yield [first]
  for (const table of RECORDED_TABLES) {
    let columns: string[] | undefined
    for await (const { rows } of rowsOf(snapshot, table)) {
      if (!columns) {
        columns = Object.keys(rows[0] ?? {})
        yield [{ table, columns }]
      }
      const names = columns
      yield rows.map((row) => names.map((name) => row[name]))
    }
  }
}

async function* hashed(chunks: AsyncIterable<unknown[]>): AsyncGenerator<string> {
  const hash = createHash('sha256')
  for await (const chunk of chunks) {
    const text = chunk.map((line) => `${JSON.stringify(line)}\n`).join('')
    hash.update(text)
    yield text
  }
  yield `${JSON.stringify({ sha256: hash.digest('hex') })}\n`
}
