import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { csvRows } from '../support/asked.ts'
import { hashChange } from '../../src/history/change.ts'
import { statusForm } from '../support/forms.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
let adaId: number
beforeAll(async () => {
  app = await startTestApp({ seeds: true, env: { CLAUSULA_NAMES: 'public' } })
  app.clock.set('2026-11-24T09:00:00.000Z')
  const ada = await app.logIn('analyst', 'Ada')
  await ada
    .post('/agreements/RUS-SYR-2017-2/status')
    .type('form')
    .send(statusForm({ status: 'active', means: 'confirmed', version: '3' }))
    .expect(303)
  const user = await app.context.db.read
    .selectFrom('users')
    .select('id')
    .where('name', '=', 'Ada')
    .executeTakeFirstOrThrow()
  adaId = user.id
})
afterAll(() => app.stop())

const rowsOf = async (path: string) => csvRows(app, path)

describe('the history', () => {
  test('has the newest entry first, in a sentence, field by field, with the reason', async () => {
    const { text } = await app.reader.get('/changes').expect(200)
    expect(text.indexOf('moved the status from Under review to Active')).toBeLessThan(
      text.indexOf('moved the status from Annulled'),
    )
    expect(text).toMatch(/<dt>status<\/dt><dd><del[^>]*>Under review<\/del>.*<ins[^>]*>Active<\/ins>/)
    expect(text).toContain('Why: Agreed by both sides.')
  })

  test('of one agreement has its own entries, and claims that cover it with others', async () => {
    const { text } = await app.reader.get('/agreements/RUS-SYR-2015-1/history').expect(200)
    expect(text).toContain('entered the agreement as Active')
    expect(text).toContain('recorded a claim: Sergey Lavrov, Foreign Minister of Russia says Under review')
    expect(text).not.toContain('STG Engineering')
    await app.reader.get('/agreements/RUS-SYR-1900-1/history').expect(404)
  })

  test('can be filtered by who, what and day', async () => {
    const all = await rowsOf('/changes.csv')
    const byAda = await rowsOf(`/changes.csv?actor=${adaId}`)
    expect(new Set(byAda.map((row) => row['actor']))).toEqual(new Set(['Ada']))
    const moves = await rowsOf('/changes.csv?kind=status_changed')
    expect(new Set(moves.map((row) => row['kind']))).toEqual(new Set(['status_changed']))
    const [first, second] = [await rowsOf('/changes.csv?day=2026-11-23'), await rowsOf('/changes.csv?day=2026-11-24')]
    expect(first.length + second.length).toBe(all.length)
    expect(second.every((row) => row['recorded_at']?.startsWith('2026-11-24'))).toBe(true)
    const { text } = await app.reader.get(`/changes?actor=${adaId}&kind=status_changed&day=2026-11-24`).expect(200)
    expect(text).toContain('Export 1 change')
    expect((await app.reader.get('/changes?day=1999-01-01')).text).toContain('No change here')
  })

  test('is paged, and the export has everything', async () => {
    const total = await app.context.db.revision()
    const { text } = await app.reader.get('/changes?per_page=100').expect(200)
    expect(text).toContain(`1 to 100 of ${total}`)
    expect(text.match(/id="change-/g)).toHaveLength(100)
    expect(new Set((await rowsOf('/changes.csv')).map((row) => row['change'])).size).toBe(total)
  })

  test.each([
    'actor=x',
    'actor=99999',
    'kind=lost',
    'day=2026-02-30',
    'page=0',
    'per_page=7',
    'colour=red',
    'day=2026-11-23&day=2026-11-24',
  ])('%s is a 400 that names it', async (query) => {
    expect((await app.reader.get(`/changes.csv?${query}`).expect(400)).text).toContain(`${query.split('=')[0]}: `)
    await app.reader.get(`/agreements/RUS-SYR-2019-1/history?${query}`).expect(400)
  })

  test('the CSV of one agreement is one row for each field', async () => {
    const rows = await rowsOf('/agreements/RUS-SYR-2017-2/history.csv')
    expect(rows.slice(0, 3)).toMatchObject([
      {
        kind: 'status_changed',
        agreement: 'RUS-SYR-2017-2',
        version: '4',
        field: 'status',
        before: 'under_review',
        after: 'active',
        effective_on: '2026-11-01',
        reason: 'Agreed by both sides.',
      },
      { field: 'means', before: 'joint_review', after: 'confirmed' },
      { field: 'status_since', before: '2025-07-31', after: '2026-11-01' },
    ])
  })

  test('every entry carries the hash of the one before it', async () => {
    const changes = await app.context.db.read.selectFrom('changes').selectAll().orderBy('id').execute()
    let previous = '0'.repeat(64)
    for (const { hash, ...entry } of changes) {
      expect(hash, `change ${entry.id}`).toBe(hashChange(previous, entry))
      previous = hash
    }
    expect(changes.map(({ id }) => id)).toEqual(changes.map((_, index) => index + 1))
  })

  test('a clock that was put back does not put an entry before the one before it', async () => {
    app.clock.set('2026-11-20T00:00:00.000Z')
    const boris = await app.logIn('analyst', 'Boris')
    await boris.post('/parties/dp-world/names').type('form').send({ name: 'Dubai Ports World', lang: 'en' }).expect(303)
    const { recorded_at } = await app.context.db.read
      .selectFrom('changes')
      .select('recorded_at')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    expect(recorded_at).toBe('2026-11-24T09:00:00.000Z')
  })
})
