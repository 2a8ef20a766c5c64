import { type SqlBool, sql } from 'kysely'
import { countsFrom } from './contested.ts'
import { engineOf } from '../database/engines/engine.ts'
import { jsonField, jsonHas } from '../database/engines/json.ts'
import type { Reader } from '../database/schema.ts'
import { LAST_INSTANT } from '../time/moment.ts'
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
  const edits = await publicationEdits(db)
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

type Publication = Parameters<typeof countsFrom>[0]['published_on']

/** When the day of a source's publication was edited, and what it was before; oldest first. */
async function publicationEdits(db: Reader): Promise<Map<number, { at: string; before: Publication }[]>> {
  const rows = await db
    .selectFrom('changes')
    .select([
      'subject',
      'recorded_at',
      jsonField(engineOf(db), 'before', 'published_on').$castTo<Publication>().as('before'),
    ])
    .where('kind', '=', 'source_edited')
    .where(jsonHas(engineOf(db), 'before', 'published_on'))
    .orderBy('id')
    .execute()
  const edits = new Map<number, { at: string; before: Publication }[]>()
  for (const { subject, recorded_at, before } of rows) {
    const id = Number(subject.slice('source:'.length))
    edits.set(id, [...(edits.get(id) ?? []), { at: recorded_at, before }])
  }
  return edits
}

function publicationsOf(present: Publication, edits: readonly { at: string; before: Publication }[]) {
  let known_from = ''
  const spans = edits.map(({ at, before }) => {
    const span = { published_on: before, known_from, known_to: at }
    known_from = at
    return span
  })
  return [...spans, { published_on: present, known_from, known_to: LAST_INSTANT }]
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
