import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { engineOf } from '../../src/database/engines/engine.ts'
import { countsFrom } from '../../src/standing/contested.ts'
import { countsFromIn } from '../../src/standing/counts-from.ts'
import { publicationsOf, publishedThen, readSourceEdits } from '../../src/standing/source-then.ts'
import { sourcesAt } from '../../src/sources/at.ts'
import type { PartialDate } from '../../src/time/partial-date.ts'
import { type Agent, startTestApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
let analyst: Agent
beforeAll(async () => {
  app = await startTestApp({ seeds: true })
  analyst = await app.logIn('analyst')
})
afterAll(() => app.stop())

const BEGINNING = Date.parse('2026-11-23T12:00:00.000Z')
let made = 0
let now = BEGINNING
/** Time passes: how far, in milliseconds; not at all for two edits of one instant. */
const pass = (milliseconds: number) => {
  now += milliseconds
  app.clock.set(new Date(now).toISOString())
}

interface Days {
  said_on: string
  effective_on: string
  published_on: string
}

/** Enters a claim with a source of its own. */
async function enter({ said_on, effective_on, published_on }: Days) {
  const source = { source_title: `Source ${(made += 1)}`, source_published_on: published_on }
  const claim = { stance: 'denies', status: 'active', asserted_by: 'Somebody', said_on, effective_on }
  await analyst
    .post('/agreements/RUS-SYR-2019-1/claims')
    .type('form')
    .send({ ...claim, ...source })
    .expect(303)
  return app.context.db.read
    .selectFrom('claims')
    .select(['id', 'source_id', 'said_on', 'effective_on'])
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
}

/** Edits a source; its title changes too, so that some edits leave the day of publication as it is. */
async function edit(id: number, published_on: string) {
  const { seen } = await app.context.db.read
    .selectFrom('changes')
    .select(({ fn }) => fn.max('id').as('seen'))
    .where('subject', '=', `source:${id}`)
    .executeTakeFirstOrThrow()
  const fields = { source_title: `Title ${(made += 1)}`, source_published_on: published_on, seen: String(seen) }
  await analyst.post(`/sources/${id}/edit`).type('form').send(fields).expect(303)
}

/** What SQL reads of a claim at an instant. */
async function readInSql(claimId: number, instant: string | null) {
  const { read } = app.context.db
  return read
    .selectFrom('claims')
    .innerJoin('sources', 'sources.id', 'claims.source_id')
    .select([
      publishedThen(engineOf(read), instant).as('published_on'),
      countsFromIn(engineOf(read), instant).as('counts_from'),
    ])
    .where('claims.id', '=', claimId)
    .executeTakeFirstOrThrow()
}

const date = fc.constantFrom('', '2019', '2019-03', '2024-12-31', '2025-01', '2025-01-15')
const story = fc.record({
  days: fc.record({
    said_on: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, date),
    effective_on: date,
    published_on: date,
  }),
  edits: fc.array(fc.record({ published_on: date, after: fc.constantFrom(0, 1, 1000) }), { maxLength: 4 }),
})

test('rows and SQL say the same of when a source was published, by what was known, and from when its claim counts', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ days, edits }) => {
      pass(1000)
      const claim = await enter(days)
      const instants = [now]
      for (const { published_on, after } of edits) {
        pass(after)
        await edit(claim.source_id, published_on)
        instants.push(now - 1, now)
      }
      const all = await readSourceEdits(app.context.db.read, { ids: [claim.source_id], field: 'published_on' })
      const present = await sourceOf(claim.source_id, null)
      const spans = publicationsOf(present.published_on, all.get(claim.source_id) ?? [])
      for (const instant of [null, ...instants.map((one) => new Date(one).toISOString())]) {
        const { published_on } = await sourceOf(claim.source_id, instant)
        const counts_from = countsFrom({ ...claim, published_on })
        expect(await readInSql(claim.id, instant)).toEqual({ published_on, counts_from })
        const at = instant ?? new Date(now).toISOString()
        const held = spans.filter(({ known_from, known_to }) => known_from <= at && at < known_to)
        expect(held.map((span) => span.published_on)).toEqual([published_on])
      }
      const typed = (text: string) => (text === '' ? null : (text as PartialDate))
      const [first] = instants.map((one) => new Date(one).toISOString())
      const isEditedAtOnce = edits[0]?.after === 0
      if (!isEditedAtOnce)
        expect((await sourceOf(claim.source_id, first ?? null)).published_on).toBe(typed(days.published_on))
      expect(present.published_on).toBe(typed(edits.at(-1)?.published_on ?? days.published_on))
    }),
    { numRuns: 25 },
  )
  expect(app.errors).toEqual([])
})

async function sourceOf(id: number, instant: string | null) {
  const source = (await sourcesAt(app.context.db.read, [id], instant)).get(id)
  if (!source) throw new Error(`there is no source ${id}`)
  return source
}
