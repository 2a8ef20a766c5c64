import type { Reader } from '../database/schema.ts'
import { listClaims, listFactSources } from '../evidence/queries.ts'
import { listChanges } from '../history/queries.ts'

const LATEST_CHANGES = 5

/** Everything that a dossier shows of one agreement; undefined where there is no such reference. */
export async function findDossier(db: Reader, reference: string) {
  const agreement = await db.selectFrom('agreements').selectAll().where('reference', '=', reference).executeTakeFirst()
  if (!agreement) return undefined
  const { id } = agreement
  return {
    agreement,
    titles: await db
      .selectFrom('agreement_titles')
      .selectAll()
      .where('agreement_id', '=', id)
      .orderBy('position')
      .execute(),
    parties: await listParties(db, id),
    places: await listPlaces(db, id),
    relations: [...(await listRelations(db, id, 'forwards')), ...(await listRelations(db, id, 'backwards'))],
    notes: await db
      .selectFrom('agreement_notes')
      .selectAll()
      .where('agreement_id', '=', id)
      .orderBy('position')
      .execute(),
    sources: await listFactSources(db, id),
    positions: await listPositions(db, id),
    claims: await listClaims(db, id),
    ...(await latestChanges(db, id)),
  }
}
export type Dossier = NonNullable<Awaited<ReturnType<typeof findDossier>>>

async function latestChanges(db: Reader, agreementId: number) {
  const { total, rows } = await listChanges(db, { agreementId, page: 1, per_page: LATEST_CHANGES })
  return { changes: rows, changeCount: total }
}

function listParties(db: Reader, agreementId: number) {
  return db
    .selectFrom('agreement_parties as taking_part')
    .innerJoin('parties', 'parties.id', 'taking_part.party_id')
    .innerJoin('party_names', (join) =>
      join.onRef('party_names.party_id', '=', 'parties.id').on('party_names.position', '=', 1),
    )
    .select(['slug', 'type', 'country', 'party_names.name', 'taking_part.role'])
    .where('agreement_id', '=', agreementId)
    .orderBy('taking_part.position')
    .execute()
}

function listPlaces(db: Reader, agreementId: number) {
  return db
    .selectFrom('agreement_places as located')
    .innerJoin('places', 'places.id', 'located.place_id')
    .innerJoin('place_names', (join) =>
      join.onRef('place_names.place_id', '=', 'places.id').on('place_names.position', '=', 1),
    )
    .select(['slug', 'places.kind', 'country', 'place_names.name', 'located.role'])
    .where('agreement_id', '=', agreementId)
    .orderBy('located.position')
    .execute()
}

/** Relations recorded on this agreement, or (`backwards`) on the other one. */
async function listRelations(db: Reader, agreementId: number, reading: 'forwards' | 'backwards') {
  const [own, other] =
    reading === 'forwards' ? (['agreement_id', 'other_id'] as const) : (['other_id', 'agreement_id'] as const)
  const rows = await db
    .selectFrom('agreement_relations as related')
    .innerJoin('agreements', 'agreements.id', `related.${other}`)
    .select(['related.kind', 'reference', 'title', 'status'])
    .where(`related.${own}`, '=', agreementId)
    .orderBy('related.kind')
    .orderBy('reference')
    .execute()
  return rows.map((row) => ({ ...row, backwards: reading === 'backwards' }))
}

/** The positions with what each rests on, in the order in which they took effect. */
async function listPositions(db: Reader, agreementId: number) {
  const positions = await db
    .selectFrom('positions')
    .innerJoin('users', 'users.id', 'positions.decided_by')
    .select([
      'positions.id',
      'status',
      'means',
      'effective_on',
      'effective_day',
      'reason',
      'recorded_at',
      'users.name as decided_by',
    ])
    .where('agreement_id', '=', agreementId)
    .where('superseded_at', 'is', null)
    .orderBy('effective_day')
    .orderBy('positions.id')
    .execute()
  const ids = positions.map(({ id }) => id)
  if (ids.length === 0) return []
  const byClaim = await db
    .selectFrom('position_claims')
    .innerJoin('claims', 'claims.id', 'position_claims.claim_id')
    .innerJoin('sources', 'sources.id', 'claims.source_id')
    .select(['position_id', 'asserted_by', 'title', 'publisher', 'url'])
    .where('position_id', 'in', ids)
    .execute()
  const bySource = await db
    .selectFrom('position_sources')
    .innerJoin('sources', 'sources.id', 'position_sources.source_id')
    .select((eb) => ['position_id', eb.val<string | null>(null).as('asserted_by'), 'title', 'publisher', 'url'])
    .where('position_id', 'in', ids)
    .execute()
  const evidence = [...byClaim, ...bySource]
  return positions.map((position) => ({
    ...position,
    evidence: evidence.filter(({ position_id }) => position_id === position.id),
  }))
}
