import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contradicts, countsFrom } from '../../src/standing/contested.ts'
import { generateRegister } from '../../src/made-up/register.ts'
import { hashChange } from '../../src/history/change.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'

const PLAN = { agreements: 600, changes: 3_000, seed: 7, report: () => undefined }

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
  await generateRegister(app.context, PLAN)
})
afterAll(() => app.stop())

describe('a made-up register', () => {
  test('has as many agreements and changes as were asked for, and says that it is made up', async () => {
    expect((await app.reader.get('/agreements')).text).toContain('600 agreements')
    expect(await app.context.db.revision()).toBe(3_000)
    expect((await app.reader.get('/agreements.csv')).text.match(/Made up for measuring/g)).toHaveLength(600)
  })

  test('is the same for the same seed', async () => {
    const other = await startTestApp()
    await generateRegister(other.context, PLAN)
    const head = (one: TestApp) =>
      one.context.db.read.selectFrom('changes').select('hash').orderBy('id', 'desc').executeTakeFirst()
    expect(await head(other)).toEqual(await head(app))
    await other.stop()
  })

  test('holds together like one that was typed: chain, versions, positions, contested', async () => {
    const { read } = app.context.db
    let previous = '0'.repeat(64)
    for (const { hash, ...entry } of await read.selectFrom('changes').selectAll().orderBy('id').execute()) {
      expect(hash).toBe(hashChange(previous, entry))
      previous = hash
    }
    const mismatched = await sql<{ count: number }>`
      select count(*) as count from agreements left join agreement_versions as kept
        on kept.agreement_id = agreements.id and kept.version = agreements.version and kept.recorded_to is null and kept.status = agreements.status
      where kept.version is null`.execute(read)
    expect(mismatched.rows).toEqual([{ count: 0 }])
    const latest = await sql<{ count: number }>`
      select count(*) as count from agreements
      where (select status || ' ' || effective_on from positions where agreement_id = agreements.id order by effective_day desc, id desc limit 1)
        <> status || ' ' || status_since`.execute(read)
    expect(latest.rows).toEqual([{ count: 0 }])
    const claims = await read
      .selectFrom('claim_agreements')
      .innerJoin('claims', 'claims.id', 'claim_id')
      .innerJoin('sources', 'sources.id', 'source_id')
      .innerJoin('agreements', 'agreements.id', 'agreement_id')
      .select([
        'agreements.id',
        'contested',
        'agreements.status as held',
        'status_since',
        'stance',
        'claims.status',
        'claims.effective_on',
        'said_on',
        'published_on',
      ])
      .execute()
    const contested = new Set(
      claims
        .filter((claim) =>
          contradicts(
            { ...claim, counts_from: countsFrom(claim) },
            { status: claim.held, effective_on: claim.status_since },
          ),
        )
        .map(({ id }) => id),
    )
    expect(contested.size).toBeGreaterThan(20)
    const rows = await read.selectFrom('agreements').select('id').where('contested', '=', 1).execute()
    expect(new Set(rows.map(({ id }) => id))).toEqual(contested)
  })

  test('fills an empty register only', async () => {
    await expect(generateRegister(app.context, PLAN)).rejects.toThrow('generate fills an empty one only')
  })
})
