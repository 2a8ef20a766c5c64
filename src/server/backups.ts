import { spawn } from 'node:child_process'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AppContext } from '../context.ts'
import { instant } from '../time/clock.ts'
import { backupEnding } from '../transfer/backup.ts'
import { PARTIAL } from '../transfer/file.ts'

const HOUR = 3_600_000
/** A setting may be changed, or another process may have made one: it is looked after more often than one is due. */
const LOOK_EVERY = 60_000
/** After one that failed, the next is tried so many looks later. */
const LOOKS_AFTER_FAILURE = 15
const DAY = 24 * HOUR

/** `clausula-20261124T120000Z.db`: a name that says when, so that names sort by age. */
const NAME = /^clausula-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z(?:\.db|\.jsonl\.gz)$/

/**
 * Makes a backup whenever the newest in `CLAUSULA_BACKUP_DIR` is older than the interval, and removes the oldest beyond those to be
 * kept. A process of its own writes it, so that requests are answered meanwhile. Returns how to end it.
 */
export function scheduleBackups(context: AppContext): () => void {
  const { backups } = context.config
  if (!backups) return () => {}
  const ending = new AbortController()
  let isAtIt = false
  let passedOver = 0
  const look = async () => {
    if (isAtIt || (passedOver -= 1) > 0) return
    isAtIt = true
    try {
      await makeDueBackup(context, backups, ending.signal)
    } catch (error) {
      passedOver = LOOKS_AFTER_FAILURE
      if (!ending.signal.aborted) context.log.error({ err: error }, 'the backup was not made')
    } finally {
      isAtIt = false
    }
  }
  const timer = setInterval(() => void look(), LOOK_EVERY).unref()
  void look()
  return () => {
    clearInterval(timer)
    ending.abort()
  }
}

type Backups = NonNullable<AppContext['config']['backups']>

async function makeDueBackup(context: AppContext, backups: Backups, signal: AbortSignal): Promise<void> {
  const { folder, hours, keep } = backups
  await mkdir(folder, { recursive: true })
  const newest = (await listBackups(folder)).at(-1)
  const now = context.clock.now().getTime()
  if (newest !== undefined && now - madeAt(newest) < hours * HOUR) return
  const name = `clausula-${instant(context.clock).slice(0, 19).replaceAll(/[-:]/g, '')}Z${backupEnding(context.db)}`
  await runBackup(join(folder, name), signal)
  context.log.info({ file: name }, 'a backup was made')
  await rotate(folder, keep, now)
}

/** The backups in a folder, oldest first; other files are nobody's business. */
async function listBackups(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => NAME.test(name)).toSorted()
}

function madeAt(name: string): number {
  const [, year, month, day, hour, minute, second] = NAME.exec(name) ?? []
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
}

/** Removes the oldest backups, and what a backup left that was cut off. */
async function rotate(folder: string, keep: number, now: number): Promise<void> {
  for (const name of (await listBackups(folder)).slice(0, -keep)) await rm(join(folder, name), { force: true })
  for (const name of await readdir(folder)) {
    const isCutOff = PARTIAL.test(name) && NAME.test(name.replace(PARTIAL, ''))
    // A young one may be that of another server, which is still writing it.
    if (isCutOff && now - madeAt(name.replace(PARTIAL, '')) > DAY) await rm(join(folder, name), { force: true })
  }
}

/** The command line reads the same settings, and whatever else the client of PostgreSQL goes by. */
async function runBackup(file: string, signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../cli.ts'), 'backup', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(said.trim() || `the backup ended with ${code}`)
}
