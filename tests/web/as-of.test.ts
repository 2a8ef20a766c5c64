import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openDesk } from '../support/desk.ts'
import { agreementForm, statusForm } from '../support/forms.ts'
import { testApp } from '../support/test-app.ts'
import { listRows, PAGES } from './past.ts'

const desk = openDesk()
const csv = (query: string, of = desk.app) => listRows(of, query)

describe('as of a day', () => {
  /** Where each agreement stood on a day, read from the positions themselves. */
  const stood = async (day: string) => {
    const positions = await desk.app.context.db.read
      .selectFrom('positions')
      .innerJoin('agreements', 'agreements.id', 'agreement_id')
      .select(['reference', 'positions.status', 'positions.means', 'effective_on', 'effective_day'])
      .where('superseded_at', 'is', null)
      .where('effective_day', '<=', day)
      .orderBy('effective_day')
      .orderBy('positions.id')
      .execute()
    return new Map(positions.map(({ reference, ...position }) => [reference, position]))
  }
  /** The claims that count by a day: said then, not withdrawn, not settled. */
  const said = async (day: string) => {
    const claims = await desk.app.context.db.read
      .selectFrom('claim_agreements')
      .innerJoin('claims', 'claims.id', 'claim_id')
      .innerJoin('sources', 'sources.id', 'source_id')
      .innerJoin('agreements', 'agreements.id', 'agreement_id')
      .select(['reference', 'stance', 'claims.status', 'effective_on', 'said_on', 'published_on'])
      .where('withdrawn_at', 'is', null)
      .execute()
    const first = (date: string | null) => (date === null ? '' : `${date}-01-01`.slice(0, 10))
    return claims.filter(
      ({ said_on, published_on, effective_on }) => first(said_on ?? published_on ?? effective_on) <= day,
    )
  }

  test('any day: list, facets, overview and dossier say what positions and claims say', async () => {
    const day = fc
      .date({ min: new Date('1965-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10))
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(day, fc.constantFrom('2025-01-01', '2025-07-31', '2025-07-13', '2026-01-29')),
        async (on) => {
          const [standing, claims, rows] = [await stood(on), await said(on), await csv(`as_of=${on}`)]
          const first = (date: string | null) => `${date}-01-01`.slice(0, 10)
          const expected = [...standing].map(([reference, { status, means, effective_on }]) => {
            const isContested = claims.some((claim) => {
              if (claim.reference !== reference || claim.stance === 'declines') return false
              const said = claim.said_on ?? claim.published_on ?? claim.effective_on
              const [from, since] = [said === null ? '' : first(said), first(effective_on)]
              if (claim.stance === 'denies' && claim.status === status)
                return (
                  from === '' || from >= since || (claim.effective_on !== null && first(claim.effective_on) >= since)
                )
              if (claim.stance === 'denies' || claim.status === status) return false
              if (claim.status === 'active' && status === 'under_review') return false
              return (claim.effective_on === null ? from : first(claim.effective_on)) > since
            })
            return [reference, status, means ?? '', effective_on, isContested ? 'yes' : 'no'].join(' ')
          })
          const told = rows.map((row) =>
            ['reference', 'status', 'means', 'status_since', 'contested'].map((column) => row[column]).join(' '),
          )
          expect(told.toSorted()).toEqual(expected.toSorted())

          const contested = rows.filter((row) => row['contested'] === 'yes')
          const { text: list } = await desk.app.reader.get(`/agreements?as_of=${on}`).expect(200)
          expect(list).toContain(`<p class="page-sub">${rows.length} agreement`)
          expect(list).toContain(
            `<span class="contested">contested</span> <span class="facet-count">${contested.length}</span>`,
          )
          const { text: overview } = await desk.app.reader.get(`/?as_of=${on}`).expect(200)
          for (const status of ['active', 'under_review', 'annulled', 'reassigned']) {
            const count = rows.filter((row) => row['status'] === status).length
            expect(list).toMatch(new RegExp(`value="${status}"[^>]*>.*?<span class="facet-count">${count}</span>`))
            if (rows.length > 0)
              expect(overview).toMatch(
                new RegExp(`status-${status}" href="[^"]*"><span class="count-number">${count}<`),
              )
          }
          const [one] = contested
          if (one) {
            const { text } = await desk.app.reader.get(`/agreements/${one['reference']}?as_of=${on}`).expect(200)
            expect(text).toMatch(/<p class="standing">[\s\S]*?<span class="contested">contested<\/span>/)
            expect(text).toMatch(/ \d+ against<\/span><\/h2>/)
          }
        },
      ),
      { numRuns: 25 },
    )
  })

  test('before every agreement nothing stood: each page is there and says so', async () => {
    for (const path of PAGES.filter((page) => !page.includes('RUS-SYR-2019-1') && !page.startsWith('/claims')))
      await desk.app.reader.get(`${path}?as_of=1900`).expect(200)
    const { text } = await desk.app.reader.get('/agreements?as_of=1900').expect(200)
    expect(text).toContain('0 agreements')
    expect(text).toMatch(/Nothing stood then|No agreement here/)
    const { text: missing } = await desk.app.reader.get('/agreements/RUS-SYR-2019-1?as_of=1900').expect(404)
    expect(missing).toContain('There is no agreement RUS-SYR-2019-1 as of 1900')
    expect(missing).toContain('it did not stand yet')
  })

  test('before every agreement no page blames a filter that nobody set, or calls the register empty', async () => {
    const { text: list } = await desk.app.reader.get('/agreements?as_of=1900').expect(200)
    expect(list).not.toContain('None matches all of these filters')
    const { text: overview } = await desk.app.reader.get('/?as_of=1900').expect(200)
    expect(overview).not.toContain('The register is empty')
  })

  test('that is to come shows what was decided for it', async () => {
    const own = await testApp()
    const eve = await own.logIn('analyst')
    const form = agreementForm({ status: 'active', status_since: '2020' })
    const { headers } = await eve.post('/agreements').type('form').send(form).expect(303)
    const move = statusForm({ effective_on: '2027-06-01', confirm: 'yes' })
    await eve.post(`${headers['location']}/status`).type('form').send(move).expect(303)
    const on = async (query: string) => (await csv(query, own)).map((row) => row['status'])
    expect([await on(''), await on('as_of=2027-05-31'), await on('as_of=2027-06-01')]).toEqual([
      ['active'],
      ['active'],
      ['under_review'],
    ])
  })
})
