import type { User } from '../accounts/user.ts'
import { reindexAgreementsOf } from '../standing/search-text.ts'
import { inUnit, type Unit, type UnitContext } from '../database/unit.ts'
import { AppError, invalidField } from '../errors.ts'
import { filled } from '../history/change.ts'
import { recordChange } from '../history/record.ts'
import { fold, nameKey } from '../names/name.ts'
import { freeSlug } from './slug.ts'
import type { NewName } from './party-commands.ts'

export interface NewPlace {
  kind: string
  country: string | null
  latitude: number | null
  longitude: number | null
  /** The first is the one shown. */
  names: [NewName, ...NewName[]]
}

/** The place with this name, in any of its spellings, or undefined. */
export async function findPlaceByName(unit: Unit, name: string): Promise<number | undefined> {
  const known = await unit.trx
    .selectFrom('place_names')
    .select(['place_id', 'position'])
    .where('folded', '=', fold(name))
    // A place's first name counts before another place's alias: “Tartus” is the port's town and the base's.
    .orderBy('position')
    .orderBy('place_id')
    .limit(1)
    .executeTakeFirst()
  return known?.place_id
}

/** Enters a place in the directory. Its id. */
export async function addPlace(unit: Unit, { names, ...place }: NewPlace): Promise<number> {
  const [first] = names
  const { id } = await unit.trx
    .insertInto('places')
    .values({ ...place, slug: await freeSlug(unit.trx, 'places', first.name) })
    .returning('id')
    .executeTakeFirstOrThrow()
  await recordChange(unit, {
    kind: 'place_added',
    subject: `place:${id}`,
    after: filled({
      name: first.name,
      kind: place.kind,
      country: place.country,
      names: names.slice(1).map(({ name }) => name),
      stored: {
        names: names.map(({ name, lang }) => ({ name, lang })),
        latitude: place.latitude,
        longitude: place.longitude,
      },
    }),
  })
  for (const name of names) await insertName(unit, id, name)
  return id
}

/**
 * Adds a name to a place, so that what concerns it is found by it.
 * @throws AppError `not_found` for an unknown slug, `invalid` for a name that it already has.
 */
export async function addPlaceName(context: UnitContext, actor: User, slug: string, name: NewName): Promise<void> {
  await inUnit(context, actor, async (unit) => {
    const place = await unit.trx.selectFrom('places').select('id').where('slug', '=', slug).executeTakeFirst()
    if (!place) throw new AppError('not_found', `There is no place “${slug}”.`)
    if (!(await insertName(unit, place.id, name)))
      throw invalidField('name', 'The place has this name already: give another one')
    await recordChange(unit, { kind: 'place_name_added', subject: `place:${place.id}`, after: filled({ ...name }) })
    await reindexAgreementsOf(unit.trx, 'place', place.id)
  })
}

async function insertName(unit: Unit, placeId: number, { name, lang }: NewName): Promise<boolean> {
  const names = await unit.trx
    .selectFrom('place_names')
    .select(['name', 'lang'])
    .where('place_id', '=', placeId)
    .execute()
  if (names.some((known) => known.name === name && known.lang === lang)) return false
  await unit.trx
    .insertInto('place_names')
    .values({ place_id: placeId, position: names.length + 1, name, lang, folded: fold(name), key: nameKey(name) })
    .execute()
  return true
}
