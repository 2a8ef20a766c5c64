import { statSync } from 'node:fs'
import { join } from 'node:path'

const PROGRAM = join(import.meta.dirname, '../..')
/** Written when the program is put on a machine, or brought up to date. */
const FILES = ['package.json', 'package-lock.json', 'node_modules/.package-lock.json']
/** When there was a Clausula first: packages may be made with files of no date. */
const FIRST_RELEASE = Date.parse('2026-11-23')

/** When the program was put on this machine, in milliseconds since 1970: the present is not before that. */
export function builtAt(): number {
  const times = FILES.map((file) => statSync(join(PROGRAM, file), { throwIfNoEntry: false })?.mtimeMs ?? 0)
  return Math.max(FIRST_RELEASE, ...times)
}
