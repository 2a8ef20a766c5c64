import { existsSync, realpathSync } from 'node:fs'
import { RECORDED_TABLES } from '../database/all-tables.ts'
import type { Database, Snapshot } from '../database/database.ts'
import { locate, withoutPassword } from '../database/locate.ts'
import { refusePending } from '../database/migrate.ts'
import { openDatabase } from '../database/open.ts'
import { StartError } from '../errors.ts'
import { checkHeadOf, countAll, type Counts, Incoming, refuseIncomplete } from './incoming.ts'
import { headOf, rowsOf } from './outgoing.ts'

export type Report = (line: string) => void

/**
 * Copies a register into an empty database of either engine: every row with its number, its times and its hash, in memory that does not
 * grow with the register. A copy that was interrupted goes on where it stopped, as long as the register has not changed meanwhile.
 * @throws StartError when either cannot be used, the target holds something, or what arrived is not what was sent.
 */
export async function copyRegister(from: string, to: string, report: Report): Promise<Counts> {
  refuseSame(from, to)
  const source = await openSource(from)
  try {
    const target = await openDatabase(to)
    try {
      return await copyInto(source, target, report)
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

async function copyInto(source: Database, target: Database, report: Report): Promise<Counts> {
  const { incoming, counts } = await copyState(source, target, report)
  report('working out what follows from it')
  await incoming.finish(counts)
  return counts
}

/** Copies one state of the register, which is held no longer than that takes. */
async function copyState(source: Database, target: Database, report: Report) {
  const snapshot = await source.snapshot()
  try {
    const head = await headOf(snapshot)
    await checkHeadOf(snapshot, source.name, head)
    const counts = await countAll(snapshot.read)
    const incoming = await Incoming.into(target, head)
    await copyTables(snapshot, incoming, counts, report)
    return { incoming, counts }
  } finally {
    await snapshot.close()
  }
}

async function copyTables(snapshot: Snapshot, incoming: Incoming, counts: Counts, report: Report): Promise<void> {
  const begun = incoming.progress.table
  const first = begun === null ? 0 : RECORDED_TABLES.indexOf(begun)
  if (begun !== null) report(`going on with ${begun}`)
  for (const table of RECORDED_TABLES.slice(first)) {
    const after = table === begun ? incoming.progress.last : null
    let copied = 0
    for await (const { rows, last } of rowsOf(snapshot, table, after)) {
      await incoming.add(table, rows, last)
      copied += rows.length
      if (copied % 50_000 < rows.length) report(`${table}: ${copied} of ${counts[table]}`)
    }
    report(`${table}: ${counts[table]} rows`)
  }
}

/** The register that is read; nothing that it says is changed. */
async function openSource(url: string): Promise<Database> {
  const { engine, target } = locate(url)
  // Opening a file that is not there would make it.
  if (engine === 'sqlite' && !existsSync(target)) throw new StartError(`there is no file ${target}`)
  const source = await openDatabase(url)
  try {
    await refusePending(source)
    await refuseIncomplete(source)
    return source
  } catch (error) {
    await source.close()
    throw error
  }
}

function refuseSame(from: string, to: string): void {
  if (identityOf(from) === identityOf(to))
    throw new StartError(`${withoutPassword(to)} is the register itself: give another database to copy it to`)
}

function identityOf(url: string): string {
  const { engine, target } = locate(url)
  if (engine === 'sqlite') return existsSync(target) ? realpathSync(target) : target
  const { hostname, port, pathname } = new URL(target)
  return `${hostname}:${port === '' ? '5432' : port}${pathname}`
}
