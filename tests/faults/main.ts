import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { outputOf, startNode } from '../bench/children.ts'
import { onSqlite, type Target } from '../bench/engines.ts'
import { addAnalyst, FOLDER, makeRegister, settings } from '../bench/register.ts'
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts'
import { restarted } from './database.ts'
import type { Fault } from './faults.ts'
import { killed, workersKilled } from './kills.ts'
import { readOptions } from './options.ts'
import { silentConnections, stalledReaders } from './readers.ts'
import { damagedBackups, damagedPage, fullDisk, hostileDump } from './storage.ts'

// What goes wrong outside the program, done to a real server on a real database: it prints the table of docs/reliability.md.

let postgres: PostgresServer | undefined

const FAULTS: readonly Fault[] = [
  killed,
  workersKilled,
  stalledReaders,
  silentConnections,
  restarted(() => {
    if (!postgres) throw new Error('there is no PostgreSQL')
    return postgres
  }),
  damagedPage,
  damagedBackups,
  hostileDump,
  fullDisk,
]

const folder = join(FOLDER, `faults-${process.pid}`)
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))

try {
  const { engines, kills, agreements } = readOptions(process.argv.slice(2))
  mkdirSync(folder, { recursive: true })
  const made = await makeRegister(
    {
      agreements,
      changes: Math.round(agreements * 7.2),
      seed: 1,
      engines: [],
      plan: { runs: 0, seconds: 0, warmUpSeconds: 0 },
    },
    say,
  )
  const rows: string[] = []
  for (const engine of engines) {
    const target = engine === 'sqlite' ? await onSqlite(made.file, folder) : await onDurablePostgres(made.file)
    try {
      await addAnalyst(target.url)
      for (const fault of FAULTS) {
        if (!fault.engines.includes(engine)) continue
        say(`${engine}: ${fault.what}`)
        const { saw, holds } = await fault.cause({ target, folder, kills, say })
        rows.push(`| ${fault.what} | ${engine} | ${fault.promised} | ${saw} | ${holds ? 'yes' : '**no**'} |`)
        say(rows.at(-1) ?? '')
        if (!holds) process.exitCode = 1
      }
    } finally {
      await target.end()
    }
  }
  console.log(`| fault | engine | promised | seen | holds |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}`)
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
// What failed may have left a connection or a program behind, which would keep this one alive.
process.exit()

/** As it comes out of the box: what it says is written is on the disk. */
async function onDurablePostgres(file: string): Promise<Target> {
  const server = await startPostgres([])
  postgres = server
  const url = server.url('postgres')
  await outputOf(startNode('src/cli.ts', ['copy', '--from', `sqlite:${file}`, '--to', url], settings(`sqlite:${file}`)))
  return { engine: 'postgres', url, end: () => server.remove() }
}

function say(line: string): void {
  console.error(line)
}
