import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commands } from '../src/cli/commands.ts'
import { SETTINGS } from '../src/config.ts'
import { TABLES } from '../src/database/all-tables.ts'
import { CHANGE_CSV_HEADING } from '../src/history/csv.ts'
import { LIMITS } from '../src/limits.ts'
import { AGREEMENT_CSV_COLUMNS } from '../src/list/csv.ts'
import { PARAMETERS } from '../src/list/parameters.ts'
import { CHANGE_KINDS, changeKindLabel } from '../src/words/change-kind.ts'

const root = join(import.meta.dirname, '..')
const pages = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/*.md', { cwd: root }).toSorted()]
const read = (page: string) => readFileSync(join(root, page), 'utf8')

/** The rows of the table of a page whose first column is headed so, cell by cell. */
function rowsOf(page: string, heading: string): string[][] {
  const lines = read(page).split('\n')
  const cells = (line: string) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim())
  const first = lines.findIndex((line) => line.startsWith('|') && cells(line)[0] === heading)
  const behind = lines.slice(first + 2)
  return behind
    .slice(
      0,
      behind.findIndex((line) => !line.startsWith('|')),
    )
    .map(cells)
}

const code = (text: string) => `\`${text}\``
/** What every page says between backticks or in an example, as far as it looks so. */
const mentioned = (pattern: RegExp) =>
  pages.flatMap((page) => [...read(page).matchAll(pattern)].map(([, name = '']) => name))

describe('the documentation has', () => {
  test('every setting, with its default and what it does', () => {
    expect(rowsOf('README.md', 'setting')).toEqual(
      Object.entries(SETTINGS).map(([name, { otherwise, does }]) => [code(name), otherwise, does]),
    )
  })

  test('every limit, with what it bounds and what is beyond it', () => {
    const shown = (value: number, unit: string) =>
      unit === 'ms' ? `${value / 1_000} s` : `${value.toLocaleString('en')} ${unit}`.trim()
    expect(rowsOf('docs/operations.md', 'limit')).toEqual(
      Object.entries(LIMITS).map(([name, { value, unit, of, beyond }]) => [code(name), shown(value, unit), of, beyond]),
    )
  })

  test('no setting that there is not', () => {
    const named = mentioned(/\b((?:CLAUSULA|DATABASE)_[A-Z_]+)\b/g)
    expect(named).toContain('CLAUSULA_WORKERS')
    expect(named.filter((name) => !(name in SETTINGS))).toEqual([])
  })

  test('every parameter of the list, and whether it may repeat', () => {
    expect(rowsOf('docs/list.md', 'parameter').map(([name, given]) => [name, given])).toEqual(
      Object.entries(PARAMETERS).map(([name, { repeats }]) => [code(name), repeats ? 'may repeat' : 'once']),
    )
  })

  test('every column of the CSV of the list and of the history, in its order', () => {
    expect(rowsOf('docs/list.md', 'column').map(([name]) => name)).toEqual(AGREEMENT_CSV_COLUMNS.map(code))
    expect(rowsOf('docs/history.md', 'column').map(([name]) => name)).toEqual(
      CHANGE_CSV_HEADING.trim().split(',').map(code),
    )
  })

  test('every command, and every option that it does not have from the list', () => {
    const rows = rowsOf('README.md', 'command').map(([command = '']) => command)
    const nameOf = (row: string) => /^`([a-z]+)/.exec(row)?.[1] ?? row
    expect([...new Set(rows.map(nameOf))]).toEqual(Object.keys(commands))
    const told = rows.flatMap((row) =>
      [...row.matchAll(/--(\w+)/g)].map(([, option = '']) => `${nameOf(row)} ${option}`),
    )
    const options = Object.entries(commands).flatMap(([name, { options }]) =>
      Object.keys(options)
        .filter((option) => !(option in PARAMETERS))
        .map((option) => `${name} ${option}`),
    )
    expect(told.toSorted()).toEqual(options.toSorted())
  })

  test('no command that there is not', () => {
    const named = mentioned(/clausula -- ([a-z]+)/g)
    expect(named).toContain('export')
    expect(named.filter((name) => !(name in commands))).toEqual([])
  })

  test('every kind of change, as the history calls it', () => {
    expect(rowsOf('docs/history.md', 'kind')).toEqual(CHANGE_KINDS.map((kind) => [code(kind), changeKindLabel(kind)]))
  })

  test('every table, with its key and whether it is recorded', () => {
    expect(rowsOf('docs/tables.md', 'table').map((cells) => cells.slice(0, 3))).toEqual(
      Object.entries(TABLES).map(([name, { key, holds }]) => [code(name), key.map(code).join(', '), holds]),
    )
  })

  test('every page of its own, where one begins to look', () => {
    const readme = read('README.md')
    const left = pages.filter((page) => page.startsWith('docs/') && !readme.includes(`(${page})`))
    expect(left).toEqual([])
  })

  test('a test that there is for every threat, and every table that verify has to do with', () => {
    const threats = rowsOf('docs/security.md', 'who')
    expect(threats.length).toBeGreaterThan(15)
    expect(
      threats.map((cells) => cells.at(-1)?.replaceAll('`', '') ?? '').filter((file) => !existsSync(join(root, file))),
    ).toEqual([])
    expect(rowsOf('docs/security.md', 'table').map(([name]) => name)).toEqual(
      expect.arrayContaining(Object.keys(TABLES).map(code)),
    )
  })
})
