import { createWriteStream, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip, gunzipSync, gzipSync } from 'node:zlib'
import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { openDatabase } from '../../src/database/open.ts'
import { command } from '../support/program.ts'
import { fileIn, openRegister, target } from './registers.ts'

const register = openRegister()
const file = (name: string) => fileIn(register, name)

type Line = unknown[] | { table: string; columns: string[] } | Record<string, unknown>
let whole: Buffer
let lines: Line[]
beforeAll(async () => {
  expect((await command(register.url, 'backup', file('whole.jsonl.gz'))).code).toBe(0)
  whole = readFileSync(file('whole.jsonl.gz'))
  const text = gunzipSync(whole).toString().trim().split('\n')
  lines = text.slice(0, -1).map((line) => JSON.parse(line) as Line)
})

/** Lines as a dump, with the checksum that is right for them. */
function dumped(all: readonly (Line | string)[], behind = ''): Buffer {
  const text = all.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')
  const sha256 = createHash('sha256').update(text).digest('hex')
  return gzipSync(`${text}${JSON.stringify({ sha256 })}\n${behind}`)
}

const begins = (table: string) => lines.findIndex((line) => 'table' in line && line.table === table)
const columnsOf = (table: string) => (lines[begins(table)] as { columns: string[] }).columns
/** The dump with some rows of a table changed. */
function changed(table: string, change: (row: unknown[], columns: string[]) => unknown[][]): Buffer {
  const first = begins(table) + 1
  return dumped(lines.toSpliced(first, 1, ...change([...(lines[first] as unknown[])], columnsOf(table))))
}
const withCell = (table: string, column: string, value: unknown) =>
  changed(table, (row, columns) => [row.with(columns.indexOf(column), value)])
/** The dump with the line that names a table's columns changed, and each of its rows. */
function reshaped(table: string, columns: (all: string[]) => string[], row: (all: unknown[]) => unknown[]): Buffer {
  const first = begins(table)
  const end = lines.findIndex((line, at) => at > first && 'table' in line)
  return dumped(
    lines.map((line, at) =>
      at === first
        ? { table, columns: columns(columnsOf(table)) }
        : at > first && at < end
          ? row(line as unknown[])
          : line,
    ),
  )
}

/** What is in a place: files, or tables. */
async function leftIn(to: string): Promise<string[]> {
  if (inject('engine') === 'sqlite') return readdirSync(dirname(to.slice('sqlite:'.length)))
  const db = await openDatabase(to)
  const tables = await db.read.introspection.getTables()
  await db.close()
  return tables.map(({ name }) => name)
}

/** What is said of a dump that is refused, on its one line. */
async function refusalOf(backup: Buffer): Promise<string> {
  writeFileSync(file('hostile.jsonl.gz'), backup)
  const to = await target(inject('engine'))
  const { code, out, err } = await command(to, 'restore', file('hostile.jsonl.gz'))
  expect([code, out]).toEqual([1, ''])
  const said = err.trim().split('\n')
  expect(said.at(-1)).toMatch(/^clausula: .* is damaged, or only the beginning of a backup \(.*\): take another$/)
  expect(said.filter((line) => /^clausula:|^\s+at /.test(line))).toHaveLength(1)
  expect(await leftIn(to)).toEqual([])
  return said.at(-1) ?? ''
}

/** A dump comes into a file first, whatever engine it is for: what is wrong with one is tried on one engine, and a few on the other. */
const onEither = <One>(cases: One[]): One[] => (inject('engine') === 'sqlite' ? cases : cases.slice(0, 3))

describe('a dump', () => {
  test.each<[string, () => Buffer, RegExp]>(
    onEither([
      [
        'with an object in a cell',
        () => withCell('users', 'name', { a: 1 }),
        /line 3: name of users is an object, and has to be text or null/,
      ],
      ['with an array in a cell', () => withCell('agreements', 'title', ['a']), /title of agreements is an array/],
      [
        'with true in a cell',
        () => withCell('agreements', 'contested', true),
        /contested of agreements is a boolean, and has to be a number \(integer\) or null/,
      ],
      ['with a text for a number', () => withCell('agreements', 'version', '1'), /version of agreements is a string/],
      ['with a number for a text', () => withCell('parties', 'slug', 1), /slug of parties is a number/],
      [
        'with half a version',
        () => withCell('agreements', 'version', 1.5),
        /version of agreements is a number, and has to be a number \(integer\)/,
      ],
      [
        'with a row twice',
        () => changed('users', (row) => [row, row]),
        /line 4: it is the row of users before it once more/,
      ],
      [
        'with rows out of order',
        () => changed('changes', (row) => [row.with(0, 5), row.with(0, 4)]),
        /line \d+: the rows of changes are not in the order of their keys/,
      ],
      [
        'with an address twice',
        () => changed('users', (row, columns) => [row, row.with(columns.indexOf('id'), 999)]),
        /users/,
      ],
      [
        'with a row that refers to nothing',
        () => withCell('changes', 'actor', 9999),
        /in changes: a row is there twice, refers to what is not there/,
      ],
      [
        'with a value that may not be',
        () => withCell('agreements', 'status', 'gone'),
        /in agreements: .*holds what it may not/,
      ],
      [
        'with parts that are no JSON',
        () => withCell('agreement_versions', 'parts', '{'),
        /in agreement_versions|in its agreements/,
      ],
      [
        'with parts that are other JSON',
        () => withCell('agreement_versions', 'parts', '{}'),
        /in its agreements|in agreement_versions/,
      ],
      [
        'with an unknown column',
        () =>
          reshaped(
            'users',
            (all) => [...all, 'is_admin'],
            (row) => [...row, 1],
          ),
        /line 2: users has no column “is_admin”/,
      ],
      [
        'with SQL for a column',
        () =>
          reshaped(
            'users',
            (all) => all.with(0, 'id) values (1); --'),
            (row) => row,
          ),
        /line 2: users has no column “id\) values/,
      ],
      [
        'with a column twice',
        () =>
          reshaped(
            'users',
            (all) => all.with(1, 'id'),
            (row) => row,
          ),
        /users has no column “id”, or it is named twice/,
      ],
      [
        'without a column',
        () =>
          reshaped(
            'users',
            (all) => all.slice(0, -1),
            (row) => row.slice(0, -1),
          ),
        /line 2: the column \w+ of users is missing/,
      ],
      [
        'with a column that the database works out',
        () =>
          reshaped(
            'positions',
            (all) => [...all, 'effective_day'],
            (row) => [...row, '2020-01-01'],
          ),
        /positions has no column “effective_day”/,
      ],
      ['with a table twice', () => dumped([...lines, lines[1] ?? []]), /users stands behind/],
      [
        'with a table that is none',
        () => dumped(lines.with(1, { table: 'sqlite_master', columns: ['sql'] })),
        /line 2: it is neither/,
      ],
      [
        'with a row of no table',
        () => dumped(lines.toSpliced(1, 0, [1])),
        /line 2: a row stands before the first table/,
      ],
      ['with a number beyond all', () => dumped([...lines.slice(0, 3), '[1e999]']), /line 4/],
      ['with a line behind the checksum', () => dumped(lines, '[1]\n'), /stands behind the line with the checksum/],
      ['with a byte behind the checksum', () => dumped(lines, ' '), /stands behind the line with the checksum/],
      [
        'with bytes behind the compressed ones',
        () => Buffer.concat([whole, Buffer.from('x')]),
        /1 bytes stand behind its end/,
      ],
      ['with zeros behind them', () => Buffer.concat([whole, Buffer.alloc(512)]), /512 bytes stand behind its end/],
      ['with another member', () => Buffer.concat([whole, gzipSync('[1]\n')]), /bytes stand behind its end/],
      ['with an empty member', () => Buffer.concat([whole, gzipSync('')]), /bytes stand behind its end/],
      [
        'with a checksum of another gzip',
        () => {
          const other = Buffer.from(whole)
          other[whole.length - 8] = (other[whole.length - 8] ?? 0) ^ 1
          return other
        },
        /it was altered/,
      ],
      ['without its last bytes', () => whole.subarray(0, -3), /its end is missing/],
      ['with nothing but a header', () => whole.subarray(0, 10), /its beginning is not that of a gzipped file/],
      ['nested without end', () => dumped([...lines.slice(0, 3), '['.repeat(1_000_000)]), /line 4: it is no JSON/],
    ]),
  )('%s is refused in one line that says where, and leaves nothing behind', async (_what, backup, message) =>
    expect(await refusalOf(backup())).toMatch(message),
  )

  test('with a line of 64 MB is refused as soon as it is too long', async () => {
    const piece = Buffer.alloc(1024 * 1024, 'a')
    const pieces = function* () {
      yield Buffer.from(`${JSON.stringify(lines[0])}\n["`)
      for (let sent = 0; sent < 64; sent += 1) yield piece
      yield Buffer.from('"]\n')
    }
    await pipeline(Readable.from(pieces()), createGzip(), createWriteStream(file('long.jsonl.gz')))
    expect(statSync(file('long.jsonl.gz')).size).toBeLessThan(1024 * 1024)
    const said = await refusalOf(readFileSync(file('long.jsonl.gz')))
    expect(said).toContain('line 2: it has more than 16 MB, and no line of a register has')
  })
})
