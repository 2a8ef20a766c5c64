import type { Reader, Trx } from '../database/schema.ts'
import type { AgreementParts } from './agreement.ts'

/** What belongs to an agreement, as it stands now. */
export async function readParts(db: Reader, id: number): Promise<AgreementParts> {
  const titles = await db
    .selectFrom('agreement_titles')
    .select(['lang', 'title', 'note'])
    .where('agreement_id', '=', id)
    .orderBy('position')
    .execute()
  const parties = await db
    .selectFrom('agreement_parties as taking_part')
    .innerJoin('parties', 'parties.id', 'taking_part.party_id')
    .innerJoin('party_names', (join) =>
      join.onRef('party_names.party_id', '=', 'parties.id').on('party_names.position', '=', 1),
    )
    .select(['taking_part.party_id', 'party_names.name', 'parties.country', 'taking_part.role'])
    .where('agreement_id', '=', id)
    .orderBy('taking_part.position')
    .execute()
  const places = await db
    .selectFrom('agreement_places as located')
    .innerJoin('place_names', (join) =>
      join.onRef('place_names.place_id', '=', 'located.place_id').on('place_names.position', '=', 1),
    )
    .select(['located.place_id', 'place_names.name', 'located.role'])
    .where('agreement_id', '=', id)
    .orderBy('located.position')
    .execute()
  const relations = await db
    .selectFrom('agreement_relations')
    .innerJoin('agreements', 'agreements.id', 'agreement_relations.other_id')
    .select(['agreement_relations.kind', 'other_id', 'reference'])
    .where('agreement_id', '=', id)
    .orderBy('agreement_relations.kind')
    .orderBy('other_id')
    .execute()
  const notes = await db
    .selectFrom('agreement_notes')
    .select(['field', 'value', 'url', 'note'])
    .where('agreement_id', '=', id)
    .orderBy('position')
    .execute()
  return { titles, parties, places, relations, notes }
}

/** What an agreement consists of before the names and references behind the ids are looked up. */
export interface NewParts {
  titles: AgreementParts['titles']
  parties: { party_id: number; role: string | null }[]
  places: { place_id: number; role: 'concerns' | 'signed_at' }[]
  relations: { kind: AgreementParts['relations'][number]['kind']; other_id: number }[]
  notes: AgreementParts['notes']
}

/** Puts `parts` in the place of what belonged to the agreement; the versions keep what it was. */
export async function replaceParts(trx: Trx, id: number, parts: NewParts): Promise<void> {
  for (const table of [
    'agreement_titles',
    'agreement_parties',
    'agreement_places',
    'agreement_relations',
    'agreement_notes',
  ] as const) {
    await trx.deleteFrom(table).where('agreement_id', '=', id).execute()
  }
  await insertParts(trx, id, parts)
}

/** Writes what belongs to a new agreement. */
export async function insertParts(trx: Trx, id: number, parts: NewParts): Promise<void> {
  const placed = <Row>(row: Row, index: number) => ({ ...row, agreement_id: id, position: index + 1 })
  if (parts.titles.length > 0) await trx.insertInto('agreement_titles').values(parts.titles.map(placed)).execute()
  if (parts.parties.length > 0) await trx.insertInto('agreement_parties').values(parts.parties.map(placed)).execute()
  if (parts.places.length > 0) await trx.insertInto('agreement_places').values(parts.places.map(placed)).execute()
  if (parts.notes.length > 0) await trx.insertInto('agreement_notes').values(parts.notes.map(placed)).execute()
  if (parts.relations.length > 0) {
    await trx
      .insertInto('agreement_relations')
      .values(parts.relations.map((relation) => ({ ...relation, agreement_id: id })))
      .execute()
  }
}
