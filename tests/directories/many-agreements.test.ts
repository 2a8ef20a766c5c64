import { sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addPartyName } from '../../src/directories/party-commands.ts'
import { createContext } from '../../src/server/open.ts'
import { MANY, startTestApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ madeUp: MANY })
})
afterAll(() => app.stop())

/** The party with the most agreements, and how many texts these were ever found by. */
async function busiest() {
  const { read } = app.context.db
  const { id, slug } = await read
    .selectFrom('agreement_links')
    .innerJoin('parties', 'parties.id', 'other_id')
    .select(['parties.id', 'slug'])
    .where('link', '=', 'party')
    .groupBy(['parties.id', 'slug'])
    .orderBy(sql`count(*)`, 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  const linked = read
    .selectFrom('agreement_links')
    .select('agreement_id')
    .where('link', '=', 'party')
    .where('other_id', '=', id)
  const texts = await read.selectFrom('agreement_texts').select('id').where('agreement_id', 'in', linked).execute()
  return { slug, texts: texts.length }
}

const texts = async () =>
  app.context.db.read
    .selectFrom('agreement_texts')
    .select(['agreement_id', 'known_from', 'known_to', 'digest'])
    .orderBy('agreement_id')
    .orderBy('known_from')
    .execute()

async function rebuild(): Promise<void> {
  const { db, config } = app.context
  await db.transaction((trx) => trx.insertInto('settings').values({ key: 'rebuild', value: 'test' }).execute())
  const again = await createContext(config, { clock: app.clock, log: pino({ level: 'silent' }) })
  await again.db.close()
}

test('a name that a party with many agreements gets finds all of them, and others are answered while it is entered', async () => {
  const party = await busiest()
  expect(party.texts).toBeGreaterThan(200)
  const count = async (q: string) =>
    /([\d,]+) agreements?\b/.exec((await app.reader.get(`/agreements?q=${q}`)).text)?.[1]
  // The rows of a made-up register have been written in another order.
  await rebuild()
  const before = await texts()
  const all = await count(`&party=${party.slug}`)
  let turns = 0
  let isDone = false
  const turn = () => {
    turns += 1
    if (!isDone) setImmediate(turn)
  }
  setImmediate(turn)
  const ada = await app.addUser('analyst')
  turns = 0
  await addPartyName(app.context, ada, party.slug, { name: 'Zzyzx Überseestaat', lang: 'de' })
  isDone = true
  expect(turns).toBeGreaterThanOrEqual(Math.ceil(party.texts / 100))
  expect(await count('zzyzx+uberseestaat')).toBe(all)
  expect(await count('zzyzx')).toBe(all)
  const after = await texts()
  expect(after.filter(({ digest }, index) => digest !== before[index]?.digest)).toHaveLength(party.texts)

  // What is worked out of the history anew is the same.
  await rebuild()
  expect(await texts()).toEqual(after)
  expect(await count('zzyzx+uberseestaat')).toBe(all)
})
