import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { createContext } from '../../src/server/open.ts'
import { systemClock } from '../../src/time/clock.ts'
import { end } from '../bench/children.ts'
import { onPostgres, onSqlite, type Target } from '../bench/engines.ts'
import { addAnalyst, FOLDER, makeRegister, settings } from '../bench/register.ts'
import { logIn, memory, startOnce } from '../bench/server.ts'
import { routesOf } from '../support/routes.ts'
import { anyAddress } from './addresses.ts'
import { attack, type Ammunition, type Shot } from './attack.ts'
import { anyForm } from './forms.ts'
import { askedOf } from './names.ts'
import { type Options, readOptions } from './options.ts'

/** How long one request may take, and how long it may hold up another reader, in milliseconds. */
const MOST = { page: 1_000, other: 200 }
const SHOWN = 10

const folder = join(FOLDER, `attack-${process.pid}`)
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))

try {
  const options = readOptions(process.argv.slice(2))
  mkdirSync(folder, { recursive: true })
  const { file } = await makeRegister(
    {
      ...options,
      changes: Math.round(options.agreements * 7.2),
      seed: 1,
      engines: [],
      plan: { runs: 0, seconds: 0, warmUpSeconds: 0 },
    },
    say,
  )
  let faults = 0
  for (const engine of options.engines) {
    const target = engine === 'sqlite' ? await onSqlite(file, folder) : await onPostgres(file, say)
    try {
      faults += await attackOn(target, options)
    } finally {
      await target.end()
    }
  }
  process.exitCode = faults === 0 ? 0 : 1
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
process.exit()

async function attackOn(target: Target, { gets, forms, seed }: Options): Promise<number> {
  const { addresses, sent } = await load(target, { gets, forms, seed })
  await addAnalyst(target.url)
  const { server } = await startOnce(target.url)
  try {
    const cookie = await logIn(server)
    say(`${target.engine}: ${addresses.length} addresses, ${sent.length} forms, seed ${seed}`)
    const before = memory(server.pid, 'VmRSS')
    const faults =
      report('addresses', await attack(server.url, cookie, addresses), MOST) +
      report('forms', await attack(server.url, cookie, sent), { page: Infinity, other: Infinity })
    console.log(
      `memory: ${before?.toFixed(0)} MB before, ${memory(server.pid, 'VmRSS')?.toFixed(0)} MB behind, ${memory(server.pid, 'VmHWM')?.toFixed(0)} MB at most\n`,
    )
    return faults
  } finally {
    await end(server.child)
  }
}

/** Makes what is sent; the same seed makes the same. */
async function load(
  { url }: Target,
  { gets, forms, seed }: Pick<Options, 'gets' | 'forms' | 'seed'>,
): Promise<{ addresses: Ammunition[]; sent: Ammunition[] }> {
  const context = await createContext(readConfig(settings(url)), { clock: systemClock, log: pino({ level: 'silent' }) })
  try {
    const names = await askedOf(context.db.read)
    const routes = routesOf(context).flatMap(({ path, isRead }) => (isRead ? path : []))
    return {
      addresses: gets === 0 ? [] : fc.sample(anyAddress(routes, names), { seed, numRuns: gets }),
      sent: forms === 0 ? [] : fc.sample(anyForm(names), { seed, numRuns: forms }),
    }
  } finally {
    await context.db.close()
  }
}

/** Prints the slowest, what failed, and how long others waited; how many passed a bound. */
function report(what: string, shots: readonly Shot[], most: { page: number; other: number }): number {
  if (shots.length === 0) return 0
  const line = ({ status, milliseconds, otherWaited, what: said }: Shot) =>
    `${String(status).padStart(5)} ${milliseconds.toFixed(0).padStart(7)} ms ${otherWaited.toFixed(0).padStart(7)} ms  ${said.slice(0, 150)}${said.length > 150 ? `… (${said.length})` : ''}`
  const head = 'status  until there  another waited'
  const slowest = shots.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, SHOWN)
  const longest = shots.toSorted((a, b) => b.otherWaited - a.otherWaited).slice(0, SHOWN)
  const failed = shots.filter(({ status }) => status >= 500)
  const over = shots.filter(({ milliseconds, otherWaited }) => milliseconds > most.page || otherWaited > most.other)
  const statuses = [...Map.groupBy(shots, ({ status }) => status)].toSorted(([a], [b]) => a - b)
  console.log(
    `${what}: ${shots.length}; ${statuses.map(([status, of]) => `${of.length} × ${status}`).join(', ')}; ${over.length} over a bound`,
  )
  console.log(`The slowest (${head})\n${slowest.map(line).join('\n')}`)
  console.log(`Those that held up another reader longest\n${longest.map(line).join('\n')}`)
  if (failed.length > 0) console.log(`Faults\n${failed.slice(0, 30).map(line).join('\n')}`)
  console.log()
  return failed.length + over.length
}

function say(line: string): void {
  console.error(line)
}
