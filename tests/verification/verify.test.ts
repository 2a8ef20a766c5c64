import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { verifyRegister } from '../../src/verification/verify.ts'
import { unguardedCopy } from '../support/databases.ts'
import { MANY, startTestApp, type TestApp } from '../support/test-app.ts'
import { work } from './work.ts'

let app: TestApp
let url: string
let head: string
let newest: { id: number; hash: string }
beforeAll(async () => {
  app = await startTestApp({ seeds: true })
  url = app.context.config.databaseUrl
  head = (await verifyRegister(url)).head
  await work(app, { reference: 'RUS-SYR-2017-2', id: 5 })
  newest = await app.context.db.read
    .selectFrom('changes')
    .select(['id', 'hash'])
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  // Nobody may have it open while it is copied.
  await app.close()
})
afterAll(() => app.stop())

describe('a register that only the program has written', () => {
  test('follows from its history, whatever was done to it', async () => {
    const found = await verifyRegister(url)
    expect(found.fault).toBeNull()
    expect(found).toMatchObject({ agreements: 45, positions: 88, claims: 121 })
    expect([found.changes, found.head]).toEqual([newest.id, newest.hash])
  })

  test('still has the head that was noted down before', async () => {
    expect((await verifyRegister(url, [{ hash: head }])).fault).toBeNull()
    expect((await verifyRegister(url, [{ hash: 'f'.repeat(64) }])).fault).toContain('is not in the chain')
  })

  test('follows as well when it is made up', async () => {
    const other = await startTestApp({ madeUp: MANY })
    expect(await verifyRegister(other.context.config.databaseUrl)).toMatchObject({
      agreements: MANY.agreements,
      fault: null,
    })
    await other.stop()
  })

  test('follows as well when it is empty', async () => {
    const other = await startTestApp()
    expect(await verifyRegister(other.context.config.databaseUrl)).toMatchObject({ changes: 0, fault: null })
    await other.stop()
  })
})

const withoutFirstParty =
  inject('engine') === 'sqlite'
    ? "json_remove(parts, '$.parties[0]')"
    : "cast(cast(parts as jsonb) #- '{parties,0}' as text)"

/** What somebody with the file, and without the program, might do; each leaves the guards of the database out of the way. */
const TAMPERED: [what: string, statement: string, names: RegExp][] = [
  ['the reason of a change', "update changes set reason = 'x' where id = 300", /^change 300 /],
  [
    'a change and its hash',
    `update changes set reason = 'x', hash = '${'0'.repeat(63)}1' where id = 300`,
    /^change 300 /,
  ],
  ['a change taken out', 'delete from changes where id = (select max(id) from changes) - 3', /^change \d+ is missing/],
  [
    'the time of a change',
    "update changes set recorded_at = '2020-01-01T00:00:00.000Z' where id = 400",
    /^change 400 /,
  ],
  [
    'the title in a version',
    "update agreement_versions set title = 'x' where agreement_id = 6 and version = 2",
    /version 2 of RUS-SYR-2019-1 .* title/,
  ],
  [
    'the status in a version',
    "update agreement_versions set status = 'active' where agreement_id = 6 and version = 3",
    /version 3 of RUS-SYR-2019-1 .* status/,
  ],
  [
    'the parties of a version',
    `update agreement_versions set parts = ${withoutFirstParty} where agreement_id = 6 and version = 1`,
    /version 1 of RUS-SYR-2019-1 .* parties/,
  ],
  [
    'the end of a version',
    "update agreement_versions set recorded_to = '2030-01-01T00:00:00.000Z' where agreement_id = 6 and version = 1",
    /version 1 of RUS-SYR-2019-1 .* does not end/,
  ],
  [
    'a version taken out',
    'delete from agreement_versions where agreement_id = 6 and version = 2',
    /version 2 of RUS-SYR-2019-1 is missing/,
  ],
  [
    'a version too many',
    "insert into agreement_versions select agreement_id, '2030-01-01T00:00:00.000Z', null, parts, title, title_is_descriptive, kind, sector, signed_on, in_force_on, expires_on, term, value_amount, value_currency, value_note, summary, lead, status, means, status_since, next_review_on, 9, party_names, countries, place_names, original_title, original_title_lang, updated_at, title_sort from agreement_versions where agreement_id = 6 and version = 1",
    /version \d of RUS-SYR-2019-1/,
  ],
  [
    'the present status',
    "update agreements set status = 'active' where reference = 'RUS-SYR-2019-1'",
    /present row of RUS-SYR-2019-1 .* status/,
  ],
  [
    'the present lead',
    "update agreements set lead = 'x' where reference = 'RUS-SYR-2019-1'",
    /present row of RUS-SYR-2019-1 .* lead/,
  ],
  [
    'a party of the present row',
    "update agreement_parties set role = 'x' where agreement_id = 6 and position = 1",
    /belongs to RUS-SYR-2019-1/,
  ],
  [
    'a reference in another place',
    "update agreements set reference_sort = '' where id = 6",
    /RUS-SYR-2019-1 is not in order/,
  ],
  ['a relation taken out', 'delete from agreement_relations where agreement_id = 6', /belongs to RUS-SYR-2019-1/],
  [
    'the day of a position',
    "update positions set effective_on = '2025-02' where agreement_id = 6 and status = 'annulled'",
    /position \d+ of RUS-SYR-2019-1 is not what change/,
  ],
  [
    'the reason of a position',
    "update positions set reason = 'x' where agreement_id = 6 and status = 'annulled'",
    /position \d+ of RUS-SYR-2019-1 is not what change/,
  ],
  [
    'a position taken out',
    "delete from positions where agreement_id = 6 and status = 'annulled'",
    /position that change \d+ recorded of RUS-SYR-2019-1 is missing/,
  ],
  [
    'a position put in',
    "insert into positions (agreement_id, status, effective_on, decided_by, recorded_at) values (6, 'active', '2026', 1, '2026-11-23T12:00:00.000Z')",
    /position \d+ of RUS-SYR-2019-1 follows from no change/,
  ],
  [
    'a position struck out',
    "update positions set superseded_at = '2026-11-23T12:00:00.000Z' where agreement_id = 6 and status = 'annulled'",
    /position \d+ of RUS-SYR-2019-1 is superseded/,
  ],
  [
    'what a correction corrects',
    'update positions set corrects_id = null where corrects_id is not null',
    /is superseded, and no change corrects it/,
  ],
  ['a standing', 'update standings set contested = 1 - contested where agreement_id = 6', /where RUS-SYR-2019-1 stood/],
  ['a standing taken out', 'delete from standings where agreement_id = 6', /where RUS-SYR-2019-1 stood/],
  ['the speaker of a claim', "update claims set asserted_by = 'x' where id = 7", /^claim 7 .* asserted_by/],
  [
    'the stance of a claim',
    "update claims set stance = case stance when 'denies' then 'asserts' else 'denies' end where id = 7",
    /claim|stood/,
  ],
  [
    'what a claim is about',
    'delete from claim_agreements where claim_id = 2 and agreement_id = 1',
    /claim 2 is about other agreements|stood/,
  ],
  [
    'a claim withdrawn in silence',
    "update claims set withdrawn_at = '2026-11-23T13:00:00.000Z' where id = 7",
    /claim 7|stood/,
  ],
  ['the publisher of a source', "update sources set publisher = 'x' where id = 9", /^source 9 .* publisher/],
  [
    'a source put in',
    "insert into sources (title, recorded_at) values ('x', '2026-11-23T13:00:00.000Z')",
    /^source \d+ follows from no change/,
  ],
]

describe('a register that somebody edited behind its back', () => {
  test.each(TAMPERED)('%s is found and named', async (_what, statement, names) => {
    const copy = await unguardedCopy(url, statement)
    onTestFinished(copy.remove)
    expect(copy.rows).toBeGreaterThan(0)
    expect((await verifyRegister(copy.url)).fault).toMatch(names)
  })
})
