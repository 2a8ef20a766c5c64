import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { watch } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { emptyDatabase } from '../support/databases.ts'
import { command } from '../support/program.ts'
import { startServer } from '../support/servers.ts'
import { newFolder } from '../support/folder.ts'

const ENDING = inject('engine') === 'sqlite' ? '.db' : '.jsonl.gz'

function folderWith(...names: string[]): string {
  const folder = newFolder('backups')
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const name of names) writeFileSync(join(folder, name), 'older')
  return folder
}

async function serverWith(env: Record<string, string>) {
  const database = await emptyDatabase()
  onTestFinished(() => database.remove())
  return { server: await startServer(database.url, { CLAUSULA_SEEDS: 'default', LOG_LEVEL: 'info', ...env }) }
}

/** Waits until a file is no longer there. */
async function gone(file: string): Promise<void> {
  const changes = watch(dirname(file))
  if (!existsSync(file)) return
  for await (const _change of changes) if (!existsSync(file)) return
}

test('a backup is made when the newest is too old, and the oldest beyond those to be kept are removed', async () => {
  const folder = folderWith(
    `clausula-20250101T000000Z${ENDING}`,
    `clausula-20250102T000000Z${ENDING}`,
    `clausula-20250103T000000Z${ENDING}`,
    `clausula-20250104T000000Z${ENDING}.0123abcd.partial`,
    `clausula-29990104T000000Z${ENDING}.0123abcd.partial`,
    'letters.db',
  )
  const { server } = await serverWith({ CLAUSULA_BACKUP_DIR: folder, CLAUSULA_BACKUP_KEEP: '2' })
  await server.says(/a backup was made/)
  await gone(join(folder, `clausula-20250104T000000Z${ENDING}.0123abcd.partial`))
  expect(await server.stop()).toBe(0)
  const [kept, made = '', ...others] = readdirSync(folder).toSorted()
  // That of another server, which may be at it just now, stays.
  const young = `clausula-29990104T000000Z${ENDING}.0123abcd.partial`
  expect([kept, ...others]).toEqual([`clausula-20250103T000000Z${ENDING}`, young, 'letters.db'])
  const restored = await emptyDatabase()
  expect((await command(restored.url, 'restore', join(folder, made))).out).toContain('45 agreements')
  await restored.remove()
})

test('none is made while the newest is young enough', async () => {
  const name = `clausula-29990101T000000Z${ENDING}`
  const folder = folderWith(name)
  const { server } = await serverWith({ CLAUSULA_BACKUP_DIR: folder })
  expect((await fetch(`${server.url}/agreements`)).status).toBe(200)
  expect(await server.stop()).toBe(0)
  expect(readdirSync(folder)).toEqual([name])
})

test('that cannot be made is told in the log, and the server goes on', async () => {
  const { server } = await serverWith({ CLAUSULA_BACKUP_DIR: '/dev/full/none' })
  await server.says(/the backup was not made/)
  expect((await fetch(`${server.url}/agreements`)).status).toBe(200)
  expect(await server.stop()).toBe(0)
})
