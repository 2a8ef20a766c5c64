import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, inject, onTestFinished } from 'vitest'
import type { EngineName } from '../../src/database/engines/engine.ts'
import { openDatabase } from '../../src/database/open.ts'
import { RECORDED_TABLES, tableNamed } from '../../src/database/all-tables.ts'
import type { Role } from '../../src/words/role.ts'
import { seenIn } from '../support/asked.ts'
import { emptyDatabase } from '../support/databases.ts'
import { newFolder } from '../support/folder.ts'
import { agreementForm, statusForm } from '../support/forms.ts'
import { startTestApp, testApp, type TestApp } from '../support/test-app.ts'

/** The engines that a register is brought to: on PostgreSQL, from the one to the other too. */
export const engines = (): EngineName[] => (inject('engine') === 'sqlite' ? ['sqlite'] : ['postgres', 'sqlite'])

/** A register that something was done in, and a folder for what is made of it. */
interface Register {
  app: TestApp
  url: string
  folder: string
}

/** Opens the register before the first test of a file, and removes it with its folder behind the last. */
export function openRegister(): Register {
  const register = {} as Register
  beforeAll(async () => {
    const app = await startTestApp({ seeds: true })
    Object.assign(register, { app, url: app.context.config.databaseUrl, folder: newFolder('transfer') })
    await work(app)
  })
  afterAll(async () => {
    await register.app.stop()
    rmSync(register.folder, { recursive: true })
  })
  return register
}

/** Something of everything that a register has beside its seeds. */
export async function work(worked: TestApp, role: Role = 'analyst'): Promise<void> {
  const analyst = await worked.logIn(role, 'Ünal "Ada"\t')
  await analyst
    .post('/agreements')
    .type('form')
    .send(
      agreementForm({
        status: 'active',
        status_since: '2020',
        value_amount: '0.1',
        value_currency: 'EUR',
        summary: 'a\\b\n“c”',
      }),
    )
  const { version } = await worked.context.db.read
    .selectFrom('agreements')
    .select('version')
    .where('reference', '=', 'RUS-SYR-2017-2')
    .executeTakeFirstOrThrow()
  const evidence = { source_title: 'Gazette', asserted_by: 'Ada' }
  const change = statusForm({ status: 'annulled', means: '', ...evidence, version: `${version}` })
  await analyst.post('/agreements/RUS-SYR-2017-2/status').type('form').send(change)
  const { text } = await analyst.get('/claims/1').expect(200)
  await analyst
    .post('/claims/1/withdraw')
    .type('form')
    .send({ reason: 'Misread.', seen: seenIn(text) })
}

export async function target(engine: EngineName): Promise<string> {
  const database = await emptyDatabase(engine)
  onTestFinished(() => database.remove())
  return database.url
}

/** Every row that is recorded, by table. */
export async function everything(of: string): Promise<Record<string, unknown[]>> {
  const db = await openDatabase(of)
  const tables: Record<string, unknown[]> = {}
  for (const table of RECORDED_TABLES) {
    let query = db.read.selectFrom(table).selectAll()
    const { key, only } = tableNamed(table)
    for (const column of key) query = query.orderBy(column as never)
    tables[table] = (await query.execute()).filter((row) => !('key' in row) || only?.includes(row.key))
  }
  await db.close()
  return tables
}

/** What the pages of a register say. */
export async function pages(of: string): Promise<string[]> {
  const own = await testApp({ env: { DATABASE_URL: of } })
  const paths = [
    '/agreements?q=hmeimim',
    '/agreements.csv?sort=title',
    '/agreements.csv?as_of=2025-02-01',
    '/agreements/RUS-SYR-2017-2',
    '/changes.csv',
    '/sources?q=tass',
  ]
  const texts = []
  for (const path of paths) texts.push((await own.reader.get(path).expect(200)).text.replaceAll(own.url, ''))
  await own.stop()
  return texts
}

/** Where a file of the folder is. */
export const fileIn = ({ folder }: Register, name: string) => join(folder, `${inject('engine')}-${name}`)

/** A database without a register. */
export async function migrated(isMade: boolean): Promise<string> {
  const to = await target(inject('engine'))
  if (isMade) {
    const db = await openDatabase(to)
    await db.migrate()
    await db.close()
  }
  return to
}

/** Leaves a database as if a register had come to it only as far as `progress` says. */
export async function comeInPart(to: string, progress: object): Promise<void> {
  const db = await openDatabase(to)
  await db.transaction(async (trx) => {
    await trx
      .insertInto('settings')
      .values({ key: 'incoming', value: JSON.stringify(progress) })
      .execute()
  })
  await db.close()
}
