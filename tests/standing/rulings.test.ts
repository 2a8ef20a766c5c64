import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { createContext } from '../../src/server/open.ts'
import type { Database } from '../../src/database/database.ts'
import { openDatabase } from '../../src/database/open.ts'
import { LAST_INSTANT } from '../../src/time/moment.ts'
import { backUp } from '../../src/transfer/backup.ts'
import { restore } from '../../src/transfer/restore.ts'
import { verifyRegister } from '../../src/verification/verify.ts'
import { emptyDatabase, testOnSqlite } from '../support/databases.ts'
import { SetClock, testApp, type TestApp } from '../support/test-app.ts'

/** What the migration of the rulings changes: the order of references, and which agreements are contested. */
async function contestedIn({ read }: Pick<Database, 'read'>) {
  const agreements = await read
    .selectFrom('agreements')
    .select(['id', 'reference_sort', 'contested'])
    .orderBy('id')
    .execute()
  const standings = await read
    .selectFrom('standings')
    .select(['agreement_id', 'status', 'day_from', 'day_to', 'contested'])
    .where('known_to', '=', LAST_INSTANT)
    .orderBy('agreement_id')
    .orderBy('day_from')
    .execute()
  return { agreements, standings }
}

/** A register as the program before the rulings left it: there, a denial of its status contested a position of any day. */
async function olderRegister(): Promise<TestApp> {
  const app = await testApp({ seeds: true })
  const denied = sql`exists (select 1 from claim_agreements as about join claims on claims.id = about.claim_id
    where about.agreement_id = held.agreement_id and stance = 'denies' and claims.status = held.status)`
  await app.context.db.transaction(async (trx) => {
    await sql`drop index agreements_by_reference_sort`.execute(trx)
    await sql`alter table agreements drop column reference_sort`.execute(trx)
    await sql`delete from kysely_migration where name = '0004-rulings'`.execute(trx)
    await sql`update standings set contested = 1 where id in (select id from standings as held where ${denied})`.execute(
      trx,
    )
    await sql`update agreements set contested = 1
      where id in (select agreement_id from standings as held where day_to = '9999-99-99' and ${denied})`.execute(trx)
  })
  return app
}

async function update({ context }: TestApp): Promise<void> {
  const clock = new SetClock('2026-11-24T12:00:00.000Z')
  const updated = await createContext(context.config, { clock, log: pino({ level: 'silent' }) })
  await updated.db.close()
}

test('a register of the program before the rulings says what they say is contested', async () => {
  const expected = await contestedIn((await testApp({ seeds: true })).context.db)
  const app = await olderRegister()
  const contested = async (query: string) => (await app.reader.get(`/agreements.csv?contested=yes&${query}`)).text
  expect(await contested('')).toContain('RUS-SYR-2015-1')
  await app.close()
  const { databaseUrl } = app.context.config
  await expect(verifyRegister(databaseUrl)).rejects.toThrow('was made by an older Clausula')

  await update(app)
  const db = await openDatabase(databaseUrl)
  onTestFinished(() => db.close())
  expect(await contestedIn(db)).toEqual(expected)
  expect((await verifyRegister(databaseUrl)).fault).toBeNull()
})

testOnSqlite('a file that the program before the rulings backed up is restored by them', async () => {
  const expected = await contestedIn((await testApp({ seeds: true })).context.db)
  const { context } = await olderRegister()
  const folder = mkdtempSync(join(tmpdir(), 'clausula-older-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  await backUp(context.db, join(folder, 'backup.db'))
  const place = await emptyDatabase()
  onTestFinished(place.remove)
  expect((await restore(join(folder, 'backup.db'), place.url, () => undefined)).fault).toBeNull()
  const db = await openDatabase(place.url)
  onTestFinished(() => db.close())
  expect(await contestedIn(db)).toEqual(expected)
})
