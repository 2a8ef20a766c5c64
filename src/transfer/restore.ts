import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs'
import { mkdtemp, open, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { isRecordedTable, type RecordedTable, tableNamed } from '../database/all-tables.ts'
import { locate } from '../database/locate.ts'
import { isConstraint } from '../database/engines/sqlite/failure.ts'
import { checkFile } from '../database/engines/sqlite/check.ts'
import { forgetServers } from '../database/forget-servers.ts'
import { openDatabase } from '../database/open.ts'
import { StartError } from '../errors.ts'
import { rebuildIfAsked } from '../standing/rebuild.ts'
import { latestDay, systemClock } from '../time/clock.ts'
import { type Verification, verifyRegister } from '../verification/verify.ts'
import { readColumns } from './cells.ts'
import { copyRegister, type Report } from './copy.ts'
import type { DumpHeading } from './dump.ts'
import { checkDump, damaged, type DumpedRows, readDump } from './dumped.ts'
import { explainFile, makeEmpty, partialOf, refuseExisting, toDisk } from './file.ts'
import { Incoming, type Row } from './incoming.ts'

/** How SQLite files and gzipped ones begin. */
const SQLITE_MAGIC = 'SQLite format 3\0'
const GZIP_MAGIC = '\x1f\x8b'

/**
 * Makes a new database out of a backup, and verifies it before it gets its name.
 * @param url where it is to be; a file that is not there yet, or an empty database
 * @throws StartError when the backup is damaged, of a newer program or does not follow from its history, or the database is there and
 * holds something.
 */
export async function restore(file: string, url: string, report: Report): Promise<Verification> {
  const isDump = await recognise(file)
  const { engine, target } = locate(url)
  if (engine === 'postgres') return restoreIntoServer(file, url, isDump, report)
  refuseExisting(target)
  const partial = partialOf(target)
  try {
    const verification = await restoreInto(partial, file, isDump, report)
    await rename(partial, target)
    return verification
  } catch (error) {
    throw explainFile(target, error)
  } finally {
    await removeFile(partial)
  }
}

/** What is not in order never comes to the server: a file is made of it first, and copied once it is verified. */
async function restoreIntoServer(file: string, url: string, isDump: boolean, report: Report): Promise<Verification> {
  await refuseFull(url)
  const folder = await mkdtemp(join(tmpdir(), 'clausula-restore-'))
  const staged = join(folder, 'register.db')
  try {
    await restoreInto(staged, file, isDump, report)
    await copyRegister(`sqlite:${staged}`, url, report)
    return await verified(file, url)
  } catch (error) {
    throw explainFile(staged, error)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** @throws StartError when a database of a server holds something. */
async function refuseFull(url: string): Promise<void> {
  const db = await openDatabase(url)
  try {
    // An empty one stays as it is until there is something for it.
    if ((await db.read.introspection.getTables()).length > 0) await Incoming.into(db, '')
  } finally {
    await db.close()
  }
}

async function restoreInto(partial: string, file: string, isDump: boolean, report: Report): Promise<Verification> {
  if (isDump) await restoreDump(file, `sqlite:${partial}`, report)
  else await restoreFile(file, partial)
  return verified(file, `sqlite:${partial}`)
}

async function verified(file: string, url: string): Promise<Verification> {
  const verification = await verifyRegister(url)
  if (verification.fault !== null)
    throw new StartError(`what is in ${file} does not follow from its history: ${verification.fault}`)
  return verification
}

/** True for a dump, false for a SQLite file. */
async function recognise(file: string): Promise<boolean> {
  if (!existsSync(file)) throw new StartError(`there is no file ${file}`)
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SQLITE_MAGIC.length), 0, SQLITE_MAGIC.length, 0)
    const beginning = buffer.subarray(0, bytesRead).toString('latin1')
    if (beginning.startsWith(GZIP_MAGIC)) return true
    if (beginning === SQLITE_MAGIC) return false
    throw new StartError(`${file} is not a backup of a register`)
  } catch (error) {
    throw explainFile(file, error)
  } finally {
    await handle.close()
  }
}

async function restoreFile(file: string, partial: string): Promise<void> {
  if (existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0)
    throw new StartError(`${file} is a register in use, or was not closed: make a backup of it, and restore that`)
  // Copying it as a file would give it the rights of the backup.
  await makeEmpty(partial)
  await pipeline(createReadStream(file), createWriteStream(partial))
  checkFile(partial, file)
  // Migrating it refuses what is newer or another program's.
  const db = await openDatabase(`sqlite:${partial}`)
  try {
    await db.migrate()
    await rebuildIfAsked(db, latestDay(systemClock))
    // Backups of earlier versions hold who was logged in.
    await db.transaction(forgetServers)
  } finally {
    await db.close()
  }
  await toDisk(partial)
}

async function restoreDump(file: string, url: string, report: Report): Promise<void> {
  const db = await openDatabase(url)
  try {
    await db.migrate()
    const columns = await readColumns(db)
    await checkDump(file, columns)
    const { heading, rows } = await readDump(file, columns)
    await takeRows(file, await Incoming.into(db, heading.head), { heading, rows }, report)
  } finally {
    await db.close()
  }
}

async function takeRows(
  file: string,
  incoming: Incoming,
  { heading, rows }: { heading: DumpHeading; rows: AsyncGenerator<DumpedRows> },
  report: Report,
): Promise<void> {
  let table: string | null = null
  const counts = { ...heading.counts }
  for await (const { table: name, rows: read, last, line } of rows) {
    if (!isRecordedTable(name)) continue
    const chunk = recordedRows(name, read)
    counts[name] -= read.length - chunk.length
    if (name !== table) report(`${name}: ${heading.counts[name]} rows`)
    table = name
    await incoming.add(name, chunk, last).catch((error: unknown) => {
      throw explainRow(file, `up to line ${line}, in ${name}`, error)
    })
  }
  report('working out what follows from it')
  await incoming.finish(counts).catch((error: unknown) => {
    throw explainRow(file, 'in its agreements', error)
  })
}

/** What a dump holds that no register has shows where it is written, or where something is worked out of it. */
function explainRow(file: string, where: string, error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message: string }
  if (typeof code === 'string' && isConstraint(code))
    return damaged(
      file,
      `${where}: a row is there twice, refers to what is not there, or holds what it may not; ${message}`,
    )
  return error instanceof SyntaxError || error instanceof TypeError ? damaged(file, `${where}: ${message}`) : error
}

/** Dumps of the first format have settings of the servers too, which are left out. */
function recordedRows(table: RecordedTable, rows: Row[]): Row[] {
  const { only, key } = tableNamed(table)
  return only === undefined ? rows : rows.filter((row) => only.includes(String(row[key[0] ?? ''])))
}

/** A SQLite file and what may lie beside it. */
async function removeFile(file: string): Promise<void> {
  for (const ending of ['', '-wal', '-shm']) await rm(`${file}${ending}`, { force: true })
}
