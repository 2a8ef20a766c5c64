import { readdirSync, statSync, watch } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { openDatabase } from '../../src/database/open.ts'
import { backUp } from '../../src/transfer/backup.ts'

/** A program that makes a backup and is killed as soon as a part of it is in the file in which it begins. */
const [url = '', backup = ''] = process.argv.slice(2)
const folder = dirname(backup)
watch(folder, () => {
  const partial = readdirSync(folder).find((name) => name.startsWith(basename(backup)) && name.endsWith('.partial'))
  if (partial !== undefined && statSync(join(folder, partial)).size > 0) process.kill(process.pid, 'SIGKILL')
})
const db = await openDatabase(url)
await backUp(db, backup)
await db.close()
