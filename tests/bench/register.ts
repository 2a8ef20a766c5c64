import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, closeSync, readdirSync, readFileSync } from 'node:fs'
import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type SqliteConnection from 'better-sqlite3'
import { outputOf, ROOT, startNode } from './children.ts'
import type { Options } from './options.ts'

export const FOLDER = join(ROOT, 'bench')
export const EMAIL = 'analyst@bench.example'
export const PASSWORD = 'measuring the register'

/** The settings under which the program works on a register. */
export function settings(url: string, port = 0): Record<string, string> {
  return {
    DATABASE_URL: url,
    CLAUSULA_SEEDS: 'none',
    LOG_LEVEL: 'warn',
    HOST: '127.0.0.1',
    PORT: String(port),
  }
}

/** Makes the register of the measurement, or finds the one of an earlier run; how long it took, in seconds. */
export async function makeRegister(
  { agreements, changes, seed }: Options,
  say: (line: string) => void,
): Promise<{ file: string; seconds: number | null }> {
  mkdirSync(FOLDER, { recursive: true })
  const stem = `register-${agreements}-${changes}-${seed}-`
  const name = `${stem}${hashOfMigrations()}.db`
  const file = join(FOLDER, name)
  if (existsSync(file)) return { file, seconds: null }
  for (const old of readdirSync(FOLDER)) if (old.startsWith(stem)) rmSync(join(FOLDER, old))
  const part = `${file}.part`
  say(`Making a register of ${agreements} agreements with ${changes} changes`)
  const began = performance.now()
  const numbers = ['--agreements', agreements, '--changes', changes, '--seed', seed].map(String)
  await outputOf(startNode('src/cli.ts', ['generate', ...numbers], settings(`sqlite:${part}`)))
  renameSync(part, file)
  return { file, seconds: (performance.now() - began) / 1000 }
}

/** Copies a register that nobody has open; the copy is on the disk before it is measured. */
export function copyRegister(file: string, copy: string): void {
  copyFileSync(file, copy)
  const handle = openSync(copy, 'r+')
  fsyncSync(handle)
  closeSync(handle)
}

/** Adds the account that records changes of status. */
export async function addAnalyst(url: string): Promise<void> {
  const args = ['users', 'add', EMAIL, '--name', 'The analyst', '--role', 'analyst']
  await outputOf(startNode('src/cli.ts', args, settings(url)), `${PASSWORD}\n`)
}

/** An agreement whose status the measurement moves to and fro. */
export interface Mover {
  reference: string
  version: number
  status: 'active' | 'under_review'
}

// Neighbours in the file share its pages: a changed order is what readers and analysts would cause.
const SCATTERED = 'order by (id * 7919) % 100003, id'

/** So many references from all over the register. */
export function readReferences(db: SqliteConnection.Database, count: number): string[] {
  return db.prepare<[number], string>(`select reference from agreements ${SCATTERED} limit ?`).pluck().all(count)
}

/** Active agreements that nothing is announced for, from all over the register. */
export function readMovers(db: SqliteConnection.Database, count: number): Mover[] {
  const movers = db
    .prepare<[number], Mover>(
      `select reference, version, status from agreements
       where status = 'active' and not exists (
         select 1 from positions where agreement_id = agreements.id and effective_day > date('now')
       ) ${SCATTERED} limit ?`,
    )
    .all(count)
  if (movers.length < 100) throw new Error(`only ${movers.length} agreements can change their status: give more`)
  return movers
}

function hashOfMigrations(): string {
  const folder = join(ROOT, 'db/migrations')
  const hash = createHash('sha256')
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)))
  return hash.digest('hex').slice(0, 12)
}
