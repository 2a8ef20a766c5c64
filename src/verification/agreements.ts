import { idsInOrder } from '../database/ids.ts'
import type { Reader } from '../database/schema.ts'
import { checkDerived } from './derived.ts'
import { type Range, within } from './range.ts'
import type { PartRows, StoredVersion } from './present.ts'
import { Replay } from './replay.ts'

/** So many agreements are read together. */
export const AGREEMENTS_AT_ONCE = 500

/** The highest id of an agreement; 0 for a register without one. */
export async function lastAgreement(db: Reader): Promise<number> {
  const { last } = await db
    .selectFrom('agreements')
    .select(({ fn }) => fn.max<number | null>('id').as('last'))
    .executeTakeFirstOrThrow()
  return last ?? 0
}

/** Plays the changes of the agreements in a range again, and holds versions, positions, present rows and standings against them. */
export async function checkAgreements(
  db: Reader,
  range: Range,
): Promise<{ agreements: number; versions: number; positions: number }> {
  const found = { agreements: 0, versions: 0, positions: 0 }
  const agreements = await readRows(db, range)
  for (const { replay, versions, positions } of agreements.values()) {
    replay.check()
    found.agreements += 1
    found.versions += versions
    found.positions += positions
  }
  await checkDerived(db, range, new Map([...agreements].map(([id, { reference }]) => [id, reference])))
  return found
}

async function readRows(db: Reader, range: Range) {
  const rows = await db.selectFrom('agreements').selectAll().where(within('id', range)).orderBy('id').execute()
  const changes = await db
    .selectFrom('changes')
    .select(['id', 'recorded_at', 'actor', 'kind', 'agreement', 'version', 'before', 'after', 'reason'])
    .where(within('agreement', range))
    .where('version', 'is not', null)
    .orderBy('agreement')
    .orderBy('id')
    .execute()
  const versions = await db
    .selectFrom('agreement_versions')
    .selectAll()
    .where(within('agreement_id', range))
    .orderBy('agreement_id')
    .orderBy('version')
    .execute()
  const positions = await readPositionRows(db, range)
  const sources = await db.selectFrom('agreement_sources').selectAll().where(within('agreement_id', range)).execute()
  const parts = await readPartRows(db, range)
  const versionsOf = byAgreement<StoredVersion>(versions)
  const positionsOf = byAgreement(positions)
  const sourcesOf = byAgreement(sources)
  const changesOf = Map.groupBy(changes, ({ agreement }) => agreement ?? 0)
  return new Map(
    rows.map((row) => {
      const own = { versions: versionsOf.get(row.id) ?? [], positions: positionsOf.get(row.id) ?? [] }
      const from = idsInOrder((sourcesOf.get(row.id) ?? []).map(({ source_id }) => source_id))
      const replay = new Replay(row, changesOf.get(row.id) ?? [], own.versions, own.positions, parts(row.id), from)
      const counts = { versions: own.versions.length, positions: own.positions.length }
      return [row.id, { reference: row.reference, replay, ...counts }] as const
    }),
  )
}

/** Positions with the claims and sources that each rests on. */
async function readPositionRows(db: Reader, range: Range) {
  const own = within('positions.agreement_id', range)
  const positions = await db
    .selectFrom('positions')
    .selectAll()
    .where(own)
    .orderBy('agreement_id')
    .orderBy('id')
    .execute()
  const claims = await db
    .selectFrom('position_claims')
    .innerJoin('positions', 'positions.id', 'position_id')
    .leftJoin('claims', 'claims.id', 'claim_id')
    .select(['position_id', 'claim_id', 'source_id'])
    .where(own)
    .execute()
  const sources = await db
    .selectFrom('position_sources')
    .innerJoin('positions', 'positions.id', 'position_id')
    .select(['position_id', 'source_id'])
    .where(own)
    .execute()
  const claimsOf = Map.groupBy(claims, ({ position_id }) => position_id)
  const sourcesOf = Map.groupBy(sources, ({ position_id }) => position_id)
  return positions.map((position) => {
    const cited = claimsOf.get(position.id) ?? []
    return {
      ...position,
      claims: idsInOrder(cited.map(({ claim_id }) => claim_id)),
      sources: idsInOrder((sourcesOf.get(position.id) ?? []).map(({ source_id }) => source_id)),
      cited: cited.map(({ source_id }) => source_id ?? 0),
    }
  })
}

/** What belongs to the present rows, as the tables have it. */
async function readPartRows(db: Reader, range: Range): Promise<(id: number) => PartRows> {
  const own = within('agreement_id', range)
  const titles = await db.selectFrom('agreement_titles').selectAll().where(own).orderBy('position').execute()
  const parties = await db.selectFrom('agreement_parties').selectAll().where(own).orderBy('position').execute()
  const places = await db.selectFrom('agreement_places').selectAll().where(own).orderBy('position').execute()
  const relations = await db
    .selectFrom('agreement_relations')
    .selectAll()
    .where(own)
    .orderBy('kind')
    .orderBy('other_id')
    .execute()
  const notes = await db.selectFrom('agreement_notes').selectAll().where(own).orderBy('position').execute()
  const groups = {
    titles: byAgreement(titles),
    parties: byAgreement(parties),
    places: byAgreement(places),
    relations: byAgreement(relations),
    notes: byAgreement(notes),
  }
  return (id) => ({
    titles: groups.titles.get(id) ?? [],
    parties: groups.parties.get(id) ?? [],
    places: groups.places.get(id) ?? [],
    relations: groups.relations.get(id) ?? [],
    notes: groups.notes.get(id) ?? [],
  })
}

function byAgreement<Row extends { agreement_id: number }>(rows: readonly Row[]): Map<number, Row[]> {
  return Map.groupBy(rows, ({ agreement_id }) => agreement_id)
}
