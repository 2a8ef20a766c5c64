import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countAgreements } from '../../src/list/counts.ts'
import { DEFAULT_FILTER } from '../../src/list/filter.ts'
import { type Sort, SORTS } from '../../src/list/order.ts'
import { listAgreements, streamAgreements } from '../../src/list/queries.ts'
import type { ListedAgreement } from '../../src/standing/mention.ts'
import { resolveFilter } from '../../src/list/conditions.ts'
import { STATUSES } from '../../src/words/status.ts'
import { countsFrom, isContested } from '../../src/standing/contested.ts'
import { firstDay } from '../../src/time/partial-date.ts'
import { inOrder, positionOn } from '../../src/standing/position.ts'
import { type Moment, NOW, parseMoment } from '../../src/time/moment.ts'
import { SOME, startTestApp, type TestApp } from '../support/test-app.ts'

const TODAY = '2026-11-23'
const RUNS = { numRuns: 40 }

let app: TestApp
let tables: Awaited<ReturnType<typeof readTables>>
beforeAll(async () => {
  app = await startTestApp({ madeUp: SOME })
  tables = await readTables()
})
afterAll(() => app.stop())

/** The register as it is stored, without the tables that are worked out from it. */
async function readTables() {
  const { read } = app.context.db
  return {
    agreements: await read.selectFrom('agreements').select(['id', 'reference']).execute(),
    versions: await read.selectFrom('agreement_versions').selectAll().execute(),
    positions: await read.selectFrom('positions').selectAll().execute(),
    claims: await read
      .selectFrom('claim_agreements')
      .innerJoin('claims', 'claims.id', 'claim_id')
      .innerJoin('sources', 'sources.id', 'source_id')
      .selectAll('claims')
      .select(['agreement_id', 'published_on'])
      .execute(),
  }
}

/** What the register says of one moment, worked out by the pure rules from what is stored. */
function expectedAt({ day, instant }: Moment) {
  const looked = day ?? instant?.slice(0, 10) ?? TODAY
  const isRecorded = (at: string) => instant === null || at <= instant
  return tables.agreements.flatMap(({ id, reference }) => {
    const version = tables.versions.find(
      (one) =>
        one.agreement_id === id &&
        (instant === null
          ? one.recorded_to === null
          : one.recorded_from <= instant && (one.recorded_to === null || one.recorded_to > instant)),
    )
    const positions = inOrder(
      tables.positions.filter(({ agreement_id, recorded_at }) => agreement_id === id && isRecorded(recorded_at)),
    )
    const position = positionOn(positions, looked)
    if (!version || !position) return []
    const claims = tables.claims
      .filter(({ agreement_id, recorded_at }) => agreement_id === id && isRecorded(recorded_at))
      .map((claim) => ({ ...claim, counts_from: countsFrom(claim) }))
    return [
      {
        reference,
        status: position.status,
        means: position.means,
        status_since: position.effective_on,
        contested: isContested(position, claims, looked) ? 1 : 0,
        title: version.title,
        lead: version.lead,
        version: version.version,
        sector: version.sector,
      },
    ]
  })
}

const shownOf = (rows: readonly ListedAgreement[]) =>
  rows.map(({ reference, status, means, status_since, contested, title, lead, version, sector }) => ({
    reference,
    status,
    means,
    status_since,
    contested,
    title,
    lead,
    version,
    sector,
  }))
const byReference = <Row extends { reference: string }>(rows: readonly Row[]) =>
  rows.toSorted((a, b) => (a.reference < b.reference ? -1 : 1))

const anyMoment = fc
  .record({
    as_of: fc.option(
      fc.oneof(
        fc.integer({ min: 1950, max: 2027 }).map(String),
        fc
          .date({ min: new Date('1950-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })
          .map((date) => date.toISOString().slice(0, 10)),
      ),
      { nil: '' },
    ),
    known_at: fc.option(
      fc
        .date({ min: new Date('2020-12-01'), max: new Date('2026-11-01'), noInvalidDate: true })
        .map((date) => date.toISOString()),
      { nil: '' },
    ),
  })
  .map((given) => parseMoment(given, `${TODAY}T12:00:00.000Z`, 'UTC'))

async function listed(moment: Moment, more: Partial<typeof DEFAULT_FILTER> = {}) {
  const resolved = await resolveFilter(app.context.db.read, { ...DEFAULT_FILTER, ...more }, moment, TODAY)
  const snapshot = await app.context.db.snapshot()
  const rows: ListedAgreement[] = []
  for await (const chunk of streamAgreements(snapshot, resolved)) rows.push(...chunk)
  await snapshot.close()
  return { rows, resolved, counts: await countAgreements(app.context.db.read, resolved) }
}

describe('the list at any moment', () => {
  test('is what the rules say of what was recorded: status, means, day, contested, and the fields of then', async () => {
    await fc.assert(
      fc.asyncProperty(anyMoment, async (moment) => {
        const { rows } = await listed(moment)
        expect(byReference(shownOf(rows))).toEqual(byReference(expectedAt(moment)))
      }),
      RUNS,
    )
  })

  test('counts what it lists, by status, sector and dissent', async () => {
    await fc.assert(
      fc.asyncProperty(anyMoment, async (moment) => {
        const expected = expectedAt(moment)
        const { counts } = await listed(moment)
        expect(counts.total).toBe(expected.length)
        expect(counts.contested).toBe(expected.filter(({ contested }) => contested === 1).length)
        for (const status of STATUSES)
          expect(counts.status.find(({ value }) => value === status)?.count ?? 0).toBe(
            expected.filter((row) => row.status === status).length,
          )
        const contested = await listed(moment, { contested: 'yes' })
        expect(byReference(shownOf(contested.rows))).toEqual(byReference(expected.filter((row) => row.contested === 1)))
        expect(contested.counts.total).toBe(contested.rows.length)
        expect(contested.counts.contested).toBe(counts.contested)
      }),
      RUNS,
    )
  })

  test('has on its pages the rows of its export, in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyMoment,
        fc.constantFrom(...SORTS),
        fc.boolean(),
        async (moment: Moment, sort: Sort, descending: boolean) => {
          const { rows, resolved } = await listed(moment, { sort, descending })
          const page = async (number: number) =>
            listAgreements(app.context.db.read, {
              ...resolved,
              filter: { ...resolved.filter, per_page: 100, page: number },
            })
          const pages = [...(await page(1)), ...(await page(2)), ...(await page(3))]
          expect(pages.map(({ id }) => id)).toEqual(rows.map(({ id }) => id))
        },
      ),
      RUNS,
    )
  })

  test('without a moment is that of today', async () => {
    const { rows } = await listed(NOW)
    expect(byReference(shownOf(rows))).toEqual(byReference(expectedAt(NOW)))
    expect(rows.filter(({ contested }) => contested === 1).length).toBeGreaterThan(20)
  })

  test('sorts partial days by their first day', async () => {
    const { rows } = await listed(parseMoment({ as_of: '2019' }, `${TODAY}T12:00:00.000Z`, 'UTC'), {
      descending: false,
    })
    const days = rows.map(({ status_since }) => firstDay(status_since))
    expect(days).toEqual(days.toSorted())
  })
})
