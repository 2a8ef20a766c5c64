import { createHash } from 'node:crypto'
import { z } from 'zod'
import { DUMPED_TABLES, type TableName, tableNamed } from '../database/all-tables.ts'
import { MIGRATIONS } from '../database/migrate.ts'
import { StartError } from '../errors.ts'
import { type Columns, keyOrder, type Shape, wrongCell } from './cells.ts'
import { DUMP_FORMAT, type DumpHeading, heading } from './dump.ts'
import { gunzipped, GzipFault } from './gunzipped.ts'
import type { Row } from './incoming.ts'
import { linesIn, LongLine } from './lines.ts'

/** More than any form may send, many times over: the longest line of a register's dump is a version of an agreement. */
const LONGEST_LINE = 16 * 1024 * 1024
/** Rows are kept until they are so many, or have so many bytes. */
const ROWS_AT_ONCE = 500
const BYTES_AT_ONCE = 4 * 1024 * 1024

const ending = z.strictObject({ sha256: z.string() })
const tableLine = z.strictObject({ table: z.enum(DUMPED_TABLES), columns: z.array(z.string()) })

/** Rows of a table as they come out of a dump. */
export interface DumpedRows {
  table: TableName
  rows: Row[]
  last: Row
  /** The line of the last of them. */
  line: number
}

/**
 * Reads a dump to its end, so that nothing of one that is damaged is taken over.
 * @throws StartError when part of it is missing or altered, or it holds what no register has.
 */
export async function checkDump(file: string, columns: Columns): Promise<void> {
  const { rows } = await readDump(file, columns)
  while (!(await rows.next()).done);
}

/**
 * A dump as it is read: its heading, then its rows in chunks. Reading to the end checks that none of it is missing or altered, and that
 * each row is one of its table's, once.
 */
export async function readDump(
  file: string,
  columns: Columns,
): Promise<{ heading: DumpHeading; rows: AsyncGenerator<DumpedRows> }> {
  const reading = new Reading(file, columns)
  return { heading: await reading.readHeading(), rows: reading.rows() }
}

/** @throws StartError saying where a dump is damaged, and what to do. */
export function damaged(file: string, where: string): StartError {
  return new StartError(`${file} is damaged, or only the beginning of a backup (${where}): take another`)
}

class Reading {
  readonly #file: string
  readonly #columns: Columns
  readonly #lines: AsyncGenerator<Buffer>
  readonly #hash = createHash('sha256')
  #line = 0
  #shape: Shape | undefined

  constructor(file: string, columns: Columns) {
    this.#file = file
    this.#columns = columns
    this.#lines = linesIn(gunzipped(file), LONGEST_LINE)
  }

  async readHeading(): Promise<DumpHeading> {
    const line = await this.#next()
    const result = heading.safeParse(this.#parse(line ?? Buffer.alloc(0)))
    if (!result.success) throw new StartError(`${this.#file} is not a backup of a register`)
    const { format, migrations } = result.data
    const unknown = migrations.find((name) => !MIGRATIONS.includes(name))
    if (format > DUMP_FORMAT || unknown !== undefined)
      throw new StartError(`${this.#file} was made by a newer Clausula: restore it with that version`)
    if (migrations.length < MIGRATIONS.length)
      throw new StartError(
        `${this.#file} was made by an older Clausula: restore it with that version, then start this one on it`,
      )
    this.#add(line)
    return result.data as DumpHeading
  }

  async *rows(): AsyncGenerator<DumpedRows> {
    let rows: Row[] = []
    let bytes = 0
    try {
      for (;;) {
        const line = await this.#next()
        if (!line) throw this.#damaged('its last line is missing')
        const read = this.#parse(line)
        const isRow = Array.isArray(read)
        if (isRow) {
          rows.push(this.#row(read))
          bytes += line.length
        }
        if (rows.length > 0 && (!isRow || rows.length >= ROWS_AT_ONCE || bytes >= BYTES_AT_ONCE)) {
          yield this.#chunk(rows)
          rows = []
          bytes = 0
        }
        if (ending.safeParse(read).success) return await this.#end(ending.parse(read).sha256)
        this.#add(line)
        if (!isRow) this.#shape = this.#begin(read)
      }
    } finally {
      await this.#lines.return(undefined)
    }
  }

  async #next(): Promise<Buffer | undefined> {
    this.#line += 1
    try {
      const { value, done } = await this.#lines.next()
      return done ? undefined : value
    } catch (error) {
      if (error instanceof LongLine)
        throw this.#damaged(`it has more than ${LONGEST_LINE / 1024 / 1024} MB, and no line of a register has`)
      if (error instanceof GzipFault) throw damaged(this.#file, error.message)
      throw error
    }
  }

  #add(line: Buffer | undefined): void {
    this.#hash.update(line ?? '').update('\n')
  }

  #parse(line: Buffer): unknown {
    try {
      return JSON.parse(line.toString('utf8'))
    } catch {
      throw this.#damaged('it is no JSON')
    }
  }

  /** A table begins: one that there is, behind those before it, with all of its columns. */
  #begin(read: unknown): Shape {
    const result = tableLine.safeParse(read)
    if (!result.success)
      throw this.#damaged('it is neither a row, nor a table of a register with its columns, nor the end')
    const { table, columns } = result.data
    if (this.#shape && DUMPED_TABLES.indexOf(table) <= DUMPED_TABLES.indexOf(this.#shape.table))
      throw this.#damaged(`${table} stands behind ${this.#shape.table}, and a table stands once, in its order`)
    const types = this.#columns[table]
    const strange = columns.find((name, index) => types[name] === undefined || columns.indexOf(name) !== index)
    if (strange !== undefined)
      throw this.#damaged(`${table} has no column “${strange.slice(0, 40)}”, or it is named twice`)
    const missing = Object.keys(types).find((name) => !columns.includes(name))
    if (missing !== undefined) throw this.#damaged(`the column ${missing} of ${table} is missing`)
    return { table, columns, types: columns.map((name) => types[name] ?? 'text'), last: undefined }
  }

  #row(cells: unknown[]): Row {
    const shape = this.#shape
    if (!shape) throw this.#damaged('a row stands before the first table')
    const { table, columns } = shape
    if (cells.length !== columns.length)
      throw this.#damaged(`a row of ${table} has ${cells.length} values for ${columns.length} columns`)
    const wrong = wrongCell(shape, cells)
    if (wrong !== undefined) throw this.#damaged(wrong)
    const row = Object.fromEntries(columns.map((name, index) => [name, cells[index]]))
    const order = shape.last === undefined ? -1 : keyOrder(table, shape.last, row)
    if (order === 0) throw this.#damaged(`it is the row of ${table} before it once more`)
    if (order > 0) throw this.#damaged(`the rows of ${table} are not in the order of their keys`)
    shape.last = row
    return row
  }

  #chunk(rows: Row[]): DumpedRows {
    const { table } = this.#shape as Shape
    const last = rows.at(-1) ?? {}
    const key = Object.fromEntries(tableNamed(table).key.map((column) => [column, last[column]]))
    return { table, rows, last: key, line: this.#line }
  }

  /** The last line: the checksum of all before it, and nothing behind. */
  async #end(sha256: string): Promise<void> {
    if (sha256 !== this.#hash.digest('hex')) throw this.#damaged('the checksum is not that of the lines before it')
    if ((await this.#next()) !== undefined) throw this.#damaged('it stands behind the line with the checksum')
  }

  #damaged(what: string): StartError {
    return damaged(this.#file, `line ${this.#line}: ${what}`)
  }
}
