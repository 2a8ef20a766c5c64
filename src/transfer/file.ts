import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StartError } from '../errors.ts'

/** How the name of a file ends that is not finished: with whoever writes it, so that two do not write the same. */
export const PARTIAL = /\.[0-9a-f]{8}\.partial$/

/** A name for the beginning of a file, beside it. */
export function partialOf(file: string): string {
  return `${file}.${randomBytes(4).toString('hex')}.partial`
}

/** What SQLite keeps beside a file; where it is left of another one, it would be taken for a part of the new one. */
const BESIDE = ['-wal', '-shm', '-journal']

/** @throws StartError when there is a file of that name, or something left of one. */
export function refuseExisting(file: string): void {
  const there = ['', ...BESIDE].map((ending) => `${file}${ending}`).find((one) => existsSync(one))
  if (there !== undefined)
    throw new StartError(`there is a file ${there} already; nothing was changed in it: name another, or move it away`)
}

/**
 * Makes a file whole or not at all, which only its owner may read: it is made empty beside its place, written, brought to the disk, and
 * only then gets its name.
 * @throws StartError when there is a file of that name, or it cannot be written.
 */
export async function makeFile(file: string, write: (partial: string) => Promise<void>): Promise<void> {
  refuseExisting(file)
  const partial = partialOf(file)
  try {
    await makeEmpty(partial)
    await write(partial)
    await toDisk(partial)
    await rename(partial, file)
    await toDisk(dirname(file))
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {})
    throw explainFile(file, error)
  }
}

/** An empty file that only its owner may read and write. */
export async function makeEmpty(file: string): Promise<void> {
  await (await open(file, 'wx', 0o600)).close()
}

/** Brings what was written to a file, or which files a folder has, to the disk. */
export async function toDisk(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** An error of the file system in words for the operator; others as they are. */
export function explainFile(file: string, error: unknown): unknown {
  const { code } = error as { code?: unknown }
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new StartError(`${file} cannot be written: there is no folder ${dirname(file)}`)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StartError(`${file} cannot be written: the program has no right to`)
    case 'EISDIR':
      return new StartError(`${file} is a folder: name a file`)
    case 'ENOSPC':
      return new StartError(`${file} cannot be written: the disk is full`)
    default:
      return error
  }
}
