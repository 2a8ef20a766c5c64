import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StartError } from '../errors.ts'

/** What a file that is not finished is called. */
export const PARTIAL = '.partial'

/**
 * Makes a file whole or not at all: it is written beside its place, brought to the disk, and only then gets its name.
 * @throws StartError when there is a file of that name, or it cannot be written.
 */
export async function makeFile(file: string, write: (partial: string) => Promise<void>): Promise<void> {
  if (existsSync(file)) throw new StartError(`there is a file ${file} already: give another name`)
  const partial = `${file}${PARTIAL}`
  try {
    await rm(partial, { force: true })
    await write(partial)
    await toDisk(partial)
    await rename(partial, file)
    await toDisk(dirname(file))
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {})
    throw asStartError(file, error)
  }
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

function asStartError(file: string, error: unknown): unknown {
  const { code } = error as { code?: unknown }
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new StartError(`${file} cannot be written: there is no folder ${dirname(file)}`)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StartError(`${file} cannot be written: the program has no right to`)
    case 'ENOSPC':
      return new StartError(`${file} cannot be written: the disk is full`)
    default:
      return error
  }
}
