import { createHash, type Hash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { z } from 'zod'
import { PASSING_TABLES, RECORDED_TABLES, type TableName, tableNamed } from '../database/all-tables.ts'
import type { Snapshot } from '../database/database.ts'
import { MIGRATIONS } from '../database/migrate.ts'
import { StartError } from '../errors.ts'
import { type Counts, countAll, type Row } from './incoming.ts'
import { headOf, rowsOf } from './outgoing.ts'

/** The first had sessions, and settings of the servers. */
const FORMAT = 2
const COMPRESSION = 6

const heading = z.object({
  clausula: z.literal('dump'),
  format: z.number(),
  /** The migrations that made the tables. */
  migrations: z.array(z.string()),
  head: z.string(),
  counts: z.record(z.string(), z.number()),
})
export type DumpHeading = z.infer<typeof heading> & { counts: Counts }

const ending = z.object({ sha256: z.string() })

/** Rows of a table as they come out of a dump; those of the first format may be of a table that is the servers’ own. */
export interface DumpedRows {
  table: TableName
  rows: Row[]
  last: Row
}

/**
 * Writes a register as gzipped JSON lines, which no engine has to be running to read (`docs/dump.md`): a heading, then for each table
 * its columns and its rows, then the SHA-256 of all lines before.
 */
export async function writeDump(snapshot: Snapshot, file: string): Promise<Counts> {
  const counts = await countAll(snapshot.read)
  const head = await headOf(snapshot)
  const first: DumpHeading = { clausula: 'dump', format: FORMAT, migrations: MIGRATIONS, head, counts }
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

const ROWS_AT_ONCE = 500

/**
 * Reads a dump to its end, so that nothing of one that is damaged is taken over.
 * @throws StartError when part of it is missing or altered.
 */
export async function checkDump(file: string): Promise<void> {
  const { rows } = await readDump(file)
  while (!(await rows.next()).done);
}

/** A dump as it is read: its heading, then its rows in chunks. Reading to the end checks that none of it is missing or altered. */
export async function readDump(file: string): Promise<{ heading: DumpHeading; rows: AsyncGenerator<DumpedRows> }> {
  const hash = createHash('sha256')
  const lines = linesIn(file)
  const { value } = await lines.next()
  const first = parseHeading(file, value)
  hash.update(`${value ?? ''}\n`)
  return { heading: first, rows: rowsIn(file, lines, hash) }
}

function parseHeading(file: string, line: string | undefined): DumpHeading {
  const result = heading.safeParse(json(file, line ?? ''))
  if (!result.success) throw new StartError(`${file} is not a backup of a register`)
  const { format, migrations } = result.data
  const unknown = migrations.find((name) => !MIGRATIONS.includes(name))
  if (format > FORMAT || unknown !== undefined)
    throw new StartError(`${file} was made by a newer Clausula: restore it with that version`)
  if (migrations.length < MIGRATIONS.length)
    throw new StartError(
      `${file} was made by an older Clausula: restore it with that version, then start this one on it`,
    )
  return result.data as DumpHeading
}

async function* rowsIn(file: string, lines: AsyncGenerator<string>, hash: Hash): AsyncGenerator<DumpedRows> {
  let table: { name: TableName; columns: string[] } | undefined
  let rows: Row[] = []
  const take = function* (): Generator<DumpedRows> {
    const last = rows.at(-1)
    if (table && last) {
      const { name } = table
      yield {
        table: name,
        rows,
        last: Object.fromEntries(tableNamed(name).key.map((column) => [column, last[column]])),
      }
    }
    rows = []
  }
  for await (const line of lines) {
    const read = json(file, line)
    const end = ending.safeParse(read)
    if (end.success) {
      yield* take()
      if (end.data.sha256 !== hash.digest('hex')) throw damaged(file)
      return
    }
    hash.update(`${line}\n`)
    if (Array.isArray(read)) {
      if (!table || read.length !== table.columns.length) throw damaged(file)
      rows.push(Object.fromEntries(table.columns.map((name, index) => [name, read[index] as unknown])))
      if (rows.length >= ROWS_AT_ONCE) yield* take()
    } else {
      yield* take()
      table = parseTable(file, read)
    }
  }
  throw damaged(file)
}

const tableLine = z.object({
  table: z.enum([...RECORDED_TABLES, ...PASSING_TABLES]),
  columns: z.array(z.string().regex(/^[a-z_]+$/)),
})

function parseTable(file: string, line: unknown): { name: TableName; columns: string[] } {
  const result = tableLine.safeParse(line)
  if (!result.success) throw damaged(file)
  return { name: result.data.table, columns: result.data.columns }
}

async function* linesIn(file: string): AsyncGenerator<string> {
  const input = createReadStream(file)
  const unzipped = input.pipe(createGunzip())
  input.on('error', (error) => unzipped.destroy(error))
  // What goes wrong after the reading has ended is nobody's business any more.
  unzipped.on('error', () => {})
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const chunk of unzipped as AsyncIterable<Buffer>) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code?.startsWith('Z_') ? damaged(file) : error
  } finally {
    input.destroy()
    unzipped.destroy()
  }
  if (rest !== '') yield rest
}

function json(file: string, line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw damaged(file)
  }
}

function damaged(file: string): StartError {
  return new StartError(`${file} is damaged, or only the beginning of a backup: take another`)
}
