import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AGREEMENT_CSV_COLUMNS } from '../../src/list/csv.ts'
import { type Child, end, firstLineOf, outputOf, startNode, startProgram } from './children.ts'
import { LineCount } from './csv-export.ts'
import { ask, connection } from './http.ts'
import type { Plan } from './options.ts'
import { measurePages } from './pages.ts'
import type { Server } from './server.ts'
import { type Measured, median } from './statistics.ts'

const EXPORTS = 3

/** Fetches pages, and measures how fast bare `node:http` sends their bytes; one figure for each number of connections. */
export async function measureBareHttp(
  { port }: Server,
  folder: string,
  paths: readonly string[],
  connections: readonly number[],
  plan: Plan,
): Promise<{ pages: { bytes: number; measured: Measured[] }[]; notModified: Measured[] }> {
  const agent = connection()
  const files: { file: string; bytes: number }[] = []
  for (const path of paths) {
    const chunks: Buffer[] = []
    await ask({ agent, port, path, take: (chunk) => chunks.push(chunk) }, 200)
    const body = Buffer.concat(chunks)
    const file = join(folder, `floor-${files.length}.html`)
    writeFileSync(file, body)
    files.push({ file, bytes: body.length })
  }
  agent.destroy()
  const child = startNode(
    'tests/bench/floor-http.ts',
    files.map(({ file }) => file),
  )
  const url = `http://127.0.0.1:${await firstLineOf(child)}`
  const floors: { bytes: number; measured: Measured[] }[] = []
  for (const [index, { bytes }] of files.entries()) {
    const measured: Measured[] = []
    for (const count of connections) measured.push(await measurePages(url, [`/${index}`], count, plan))
    floors.push({ bytes, measured })
  }
  const notModified: Measured[] = []
  for (const count of connections)
    notModified.push(await measurePages(url, ['/304'], count, plan, { 'If-None-Match': '"any"' }))
  await end(child)
  return { pages: floors, notModified }
}

/** Measures the row changes of a change of status with bare SQLite. */
export async function measureBareStatus(file: string, count: number, plan: Plan): Promise<Measured> {
  const child = startNode('tests/bench/floor-status.ts', [JSON.stringify({ file, count, plan })])
  return JSON.parse(await outputOf(child, '', 300)) as Measured
}

/** Measures how fast the whole list comes out of SQLite as CSV, with the program `sqlite3` if there is one. */
export async function measureBareCsv(
  file: string,
  agreements: number,
): Promise<{ program: string; rowsPerSecond: number }> {
  const query = `select ${AGREEMENT_CSV_COLUMNS.map(expression).join(', ')} from agreements order by status_since desc, id desc`
  const hasProgram = spawnSync('sqlite3', ['--version']).status === 0
  const rates: number[] = []
  for (let run = 0; run <= EXPORTS; run += 1) {
    const began = performance.now()
    const child = hasProgram
      ? startProgram('sqlite3', ['-readonly', '-csv', file, query])
      : startNode('tests/bench/floor-csv.ts', [file, query])
    const lines = await drain(child)
    if (lines !== agreements) throw new Error(`the floor of the export has ${lines} lines, not ${agreements}`)
    // The first run fills caches.
    if (run > 0) rates.push(agreements / ((performance.now() - began) / 1000))
  }
  return { program: hasProgram ? 'sqlite3 -csv' : 'better-sqlite3', rowsPerSecond: median(rates) }
}

function expression(column: (typeof AGREEMENT_CSV_COLUMNS)[number]): string {
  if (column === 'contested') return `case contested when 1 then 'yes' else 'no' end`
  if (column === 'url') return `'http://127.0.0.1:3000/agreements/' || reference`
  return { place: 'place_names', parties: 'party_names' }[column as string] ?? column
}

async function drain(child: Child): Promise<number> {
  const count = new LineCount()
  const timer = setTimeout(() => child.kill('SIGKILL'), 120_000)
  child.stdin.end()
  child.stdout.on('data', (chunk: Buffer) => count.take(chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  clearTimeout(timer)
  if (code !== 0) throw new Error(`${child.spawnargs[0]} ended with ${code}`)
  return count.lines
}
