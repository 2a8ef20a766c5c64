import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { isRecordedTable, type RecordedTable, tableNamed } from '../database/all-tables.ts'
import { locate } from '../database/locate.ts'
import { checkFile } from '../database/engines/sqlite/check.ts'
import { forgetServers } from '../database/forget-servers.ts'
import { openDatabase } from '../database/open.ts'
import { StartError } from '../errors.ts'
import { rebuildIfAsked } from '../standing/rebuild.ts'
import { type Verification, verifyRegister } from '../verification/verify.ts'
import { copyRegister, type Report } from './copy.ts'
import { checkDump, type DumpHeading, type DumpedRows, readDump } from './dump.ts'
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
  if (isDump) await checkDump(file)
  const { engine, target } = locate(url)
  if (engine === 'postgres') {
    if (isDump) await restoreDump(file, url, report)
    else await copyRegister(`sqlite:${file}`, url, report)
    return verified(file, url)
  }
  refuseExisting(target)
  const partial = partialOf(target)
  try {
    if (isDump) await restoreDump(file, `sqlite:${partial}`, report)
    else await restoreFile(file, partial)
    const verification = await verified(file, `sqlite:${partial}`)
    await rename(partial, target)
    return verification
  } catch (error) {
    throw explainFile(target, error)
  } finally {
    await removeFile(partial)
  }
}

async function verified(file: string, url: string): Promise<Verification> {
  const verification = await verifyRegister(url, null)
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
    await rebuildIfAsked(db)
    // Backups of earlier versions hold who was logged in.
    await db.transaction(forgetServers)
  } finally {
    await db.close()
  }
  await toDisk(partial)
}

async function restoreDump(file: string, url: string, report: Report): Promise<void> {
  const { heading, rows } = await readDump(file)
  const db = await openDatabase(url)
  try {
    await takeRows(await Incoming.into(db, heading.head), heading, rows, report)
  } finally {
    await rows.return(undefined)
    await db.close()
  }
}

async function takeRows(
  incoming: Incoming,
  heading: DumpHeading,
  rows: AsyncGenerator<DumpedRows>,
  report: Report,
): Promise<void> {
  if (incoming.progress.table !== null)
    throw new StartError('an earlier restore into this database did not come to its end: give an empty database')
  let table: string | null = null
  const counts = { ...heading.counts }
  for await (const { table: name, rows: read, last } of rows) {
    if (!isRecordedTable(name)) continue
    const chunk = recordedRows(name, read)
    counts[name] -= read.length - chunk.length
    if (name !== table) report(`${name}: ${heading.counts[name]} rows`)
    table = name
    await incoming.add(name, chunk, last)
  }
  report('working out what follows from it')
  await incoming.finish(counts)
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
