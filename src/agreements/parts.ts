import type { Reader, Trx } from '../database/schema.ts'
import { PLACE_ROLES } from '../words/place.ts'
import type { AgreementParts } from '../database/tables/agreements.ts'

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

/** Looks up the names and references behind the ids. */
export async function nameParts(
  trx: Trx,
  { titles, parties, places, relations, notes }: NewParts,
): Promise<AgreementParts> {
  const partyIds = parties.map(({ party_id }) => party_id)
  const named = await trx
    .selectFrom('parties')
    .innerJoin('party_names', 'party_names.party_id', 'parties.id')
    .select(['parties.id', 'country', 'name'])
    .where('parties.id', 'in', partyIds)
    .where('position', '=', 1)
    .execute()
  const placeIds = places.map(({ place_id }) => place_id)
  const located =
    placeIds.length === 0
      ? []
      : await trx
          .selectFrom('place_names')
          .select(['place_id', 'name'])
          .where('place_id', 'in', placeIds)
          .where('position', '=', 1)
          .execute()
  const otherIds = relations.map(({ other_id }) => other_id)
  const others =
    otherIds.length === 0
      ? []
      : await trx.selectFrom('agreements').select(['id', 'reference']).where('id', 'in', otherIds).execute()
  return {
    titles,
    notes,
    parties: parties.map(({ party_id, role }) => {
      const { name = '', country = null } = named.find(({ id }) => id === party_id) ?? {}
      return { party_id, name, country, role }
    }),
    // What it concerns stands before where it was signed, in whatever order they were typed.
    places: PLACE_ROLES.flatMap((role) => places.filter((place) => place.role === role)).map(({ place_id, role }) => ({
      place_id,
      name: located.find((one) => one.place_id === place_id)?.name ?? '',
      role,
    })),
    relations: relations
      .map(({ kind, other_id }) => ({
        kind,
        other_id,
        reference: others.find(({ id }) => id === other_id)?.reference ?? '',
      }))
      .sort((a, b) => (a.kind === b.kind ? a.other_id - b.other_id : a.kind < b.kind ? -1 : 1)),
  }
}

/** Puts `parts` in the place of what belonged to the agreement; the versions keep what it was. */
export async function replaceParts(trx: Trx, id: number, parts: AgreementParts): Promise<void> {
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
export async function insertParts(trx: Trx, id: number, parts: AgreementParts): Promise<void> {
  const { titles, parties, places, relations, notes } = parts
  const own = (index: number) => ({ agreement_id: id, position: index + 1 })
  if (titles.length > 0) {
    await trx
      .insertInto('agreement_titles')
      .values(titles.map((title, index) => ({ ...own(index), ...title })))
      .execute()
  }
  await trx
    .insertInto('agreement_parties')
    .values(parties.map(({ party_id, role }, index) => ({ ...own(index), party_id, role })))
    .execute()
  if (places.length > 0) {
    await trx
      .insertInto('agreement_places')
      .values(places.map(({ place_id, role }, index) => ({ ...own(index), place_id, role })))
      .execute()
  }
  if (notes.length > 0) {
    await trx
      .insertInto('agreement_notes')
      .values(notes.map((note, index) => ({ ...own(index), ...note })))
      .execute()
  }
  if (relations.length > 0) {
    await trx
      .insertInto('agreement_relations')
      .values(relations.map(({ kind, other_id }) => ({ agreement_id: id, kind, other_id })))
      .execute()
  }
}
