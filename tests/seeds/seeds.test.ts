import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadSeeds } from '../../src/seeds/seeds.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ seeds: true })
})
afterAll(() => app.stop())

const count = async (table: string, where = sql<boolean>`true`) => {
  const { rows } = await sql<{
    count: number
  }>`select count(*) as count from ${sql.table(table)} where ${where}`.execute(app.context.db.read)
  return rows[0]?.count
}

describe('the seed register', () => {
  test('is whole', async () => {
    expect(await count('agreements')).toBe(45)
    expect(await count('positions')).toBe(86)
    expect(await count('claims')).toBe(120)
    expect(await count('claim_agreements')).toBe(137)
    expect(await count('sources')).toBe(169)
    expect(await count('places')).toBe(25)
    expect(await count('parties')).toBe(60)
    expect(await count('agreement_parties')).toBe(100)
    expect(await count('agreement_titles')).toBe(19)
    expect(await count('agreement_relations')).toBe(11)
  })

  test('a class-wide claim is one claim over the agreements it covers', async () => {
    const lavrov = await app.context.db.read
      .selectFrom('claims')
      .innerJoin('claim_agreements', 'claim_agreements.claim_id', 'claims.id')
      .select('claims.id')
      .where('scope', '=', 'all Russia-Syria agreements')
      .where('effective_on', '=', '2025-07-31' as never)
      .execute()
    expect(lavrov).toHaveLength(10)
    expect(new Set(lavrov.map(({ id }) => id)).size).toBe(1)
  })

  test('is attributed to the system, and nothing of it was made up: null stays null', async () => {
    const { rows } = await sql<{
      actor: string
    }>`select distinct users.name as actor from changes join users on users.id = changes.actor`.execute(
      app.context.db.read,
    )
    expect(rows).toEqual([{ actor: 'Clausula' }])
    const file = JSON.parse(readFileSync(new URL('../../seeds/agreements.json', import.meta.url), 'utf8')) as {
      title: string
      signed_on: string | null
      sector: string
    }[]
    const agreements = await app.context.db.read
      .selectFrom('agreements')
      .select(['title', 'signed_on', 'sector'])
      .orderBy('id')
      .execute()
    expect(agreements).toEqual(file.map(({ title, signed_on, sector }) => ({ title, signed_on, sector })))
  })

  test('the Tartus case reads as it happened', async () => {
    const { text } = await app.reader.get('/agreements/RUS-SYR-2019-1').expect(200)
    const positions = text.slice(text.indexOf('id="positions"'), text.indexOf('id="facts"'))
    expect(positions).toMatch(
      /Reassigned[\s\S]*from 13 Jul 2025[\s\S]*Annulled[\s\S]*from Jan 2025[\s\S]*Active[\s\S]*from 2019/,
    )
    expect(text).toContain('Easily confused with</b> <a href="/agreements/RUS-SYR-2017-2"')
    expect(text).toContain('Dmitry Trifonov')
    expect(text).toContain('>ARE-SYR-2025-2</a>')
    expect(text).toContain('49 years')
  })

  test('loading it twice changes nothing', async () => {
    const revision = await app.context.db.revision()
    expect(await loadSeeds(app.context)).toBe(0)
    expect(await app.context.db.revision()).toBe(revision)
  })

  test('each present row is its last version', async () => {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from agreements join agreement_versions as kept
        on kept.agreement_id = agreements.id and kept.version = agreements.version and kept.recorded_to is null
        and kept.status = agreements.status and kept.title = agreements.title and kept.party_names = agreements.party_names`.execute(
      app.context.db.read,
    )
    expect(rows).toEqual([{ count: 45 }])
  })
})
