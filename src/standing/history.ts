import { type SqlBool, sql } from 'kysely'
import { countsFrom } from './contested.ts'
import type { Reader } from '../database/schema.ts'
import { LAST_INSTANT } from '../time/moment.ts'
import { publicationsOf, readSourceEdits } from './source-then.ts'
import type { Known, KnownHistory } from './standing.ts'

interface ReadHistory {
  positions: KnownHistory['positions'][number][]
  claims: KnownHistory['claims'][number][]
  listed: KnownHistory['listed'][number][]
}

/** What was ever known of the agreements with ids in a range, as far as where they stand depends on it. */
export async function readKnownHistories(db: Reader, from: number, to: number): Promise<Map<number, ReadHistory>> {
  const histories = new Map<number, ReadHistory>()
  const of = (id: number) => {
    const known = histories.get(id) ?? { positions: [], claims: [], listed: [] }
    histories.set(id, known)
    return known
  }
  const inRange = (column: string) => sql<SqlBool>`${sql.ref(column)} between ${from} and ${to}`
  const versions = await db
    .selectFrom('agreement_versions')
    .select(['agreement_id', 'kind', 'sector', 'recorded_from', 'recorded_to'])
    .where(inRange('agreement_id'))
    .orderBy('agreement_id')
    .orderBy('version')
    .execute()
  for (const { agreement_id, kind, sector, recorded_from, recorded_to } of versions)
    of(agreement_id).listed.push({ kind, sector, known_from: recorded_from, known_to: recorded_to ?? LAST_INSTANT })
  const positions = await db
    .selectFrom('positions')
    .select(['agreement_id', 'id', 'status', 'means', 'effective_on', 'effective_day', 'recorded_at', 'superseded_at'])
    .where(inRange('agreement_id'))
    .execute()
  for (const { agreement_id, recorded_at, superseded_at, ...position } of positions)
    of(agreement_id).positions.push({ ...position, known_from: recorded_at, known_to: superseded_at ?? LAST_INSTANT })
  for (const { agreement_id, claim, spans } of await readClaims(db, from, to))
    of(agreement_id).claims.push(...spans.map((span) => ({ ...claim, ...span })))
  return histories
}

/** Each claim about each agreement, with the spans in which it counted: not withdrawn, not settled, said as its source said then. */
async function readClaims(db: Reader, from: number, to: number) {
  const rows = await db
    .selectFrom('claim_agreements')
    .innerJoin('claims', 'claims.id', 'claim_agreements.claim_id')
    .innerJoin('sources', 'sources.id', 'claims.source_id')
    .select([
      'agreement_id',
      'claims.id',
      'source_id',
      'stance',
      'claims.status',
      'effective_on',
      'said_on',
      'published_on',
      'claims.recorded_at',
      'withdrawn_at',
    ])
    .where(sql<SqlBool>`agreement_id between ${from} and ${to}`)
    .execute()
  const settlements = await db
    .selectFrom('claim_settlements')
    .select(['claim_id', 'agreement_id', 'settled_at', 'reopened_at'])
    .where(sql<SqlBool>`agreement_id between ${from} and ${to}`)
    .orderBy('settled_at')
    .execute()
  const edits = await readSourceEdits(db, { field: 'published_on' })
  return rows.flatMap(({ agreement_id, id, source_id, recorded_at, withdrawn_at, said_on, published_on, ...claim }) => {
    const known = { known_from: recorded_at, known_to: withdrawn_at ?? LAST_INSTANT }
    const settled = settlements
      .filter((one) => one.claim_id === id && one.agreement_id === agreement_id)
      .map(({ settled_at, reopened_at }) => ({ known_from: settled_at, known_to: reopened_at ?? LAST_INSTANT }))
    // A day of its own does not depend on when the source was published.
    const published = said_on === null ? (edits.get(source_id) ?? []) : []
    return publicationsOf(published_on, published).map(({ published_on: then, ...span }) => ({
      agreement_id,
      claim: { ...claim, counts_from: countsFrom({ ...claim, said_on, published_on: then }) },
      spans: without(overlap(known, span), settled),
    }))
  })
}

function overlap(one: Known, other: Known): Known[] {
  const known_from = one.known_from > other.known_from ? one.known_from : other.known_from
  const known_to = one.known_to < other.known_to ? one.known_to : other.known_to
  return known_from < known_to ? [{ known_from, known_to }] : []
}

function without(spans: readonly Known[], holes: readonly Known[]): Known[] {
  return holes.reduce<Known[]>(
    (left, hole) =>
      left.flatMap((span) => [
        ...overlap(span, { known_from: '', known_to: hole.known_from }),
        ...overlap(span, { known_from: hole.known_to, known_to: LAST_INSTANT }),
      ]),
    [...spans],
  )
}
