import { sql } from 'kysely'
import type { Reader } from '../database/schema.ts'
import { fold, nameKey } from '../names/name.ts'
import { countLinked, enteredBy } from '../standing/at.ts'
import { type Moment, NOW } from '../time/moment.ts'

/** No folded name has it: what is looked for when signs alone were typed. */
const NOTHING = '!'

const MOST_ALIKE = 5

/** The place of a slug, or every place of a name in any of its spellings. */
export async function findPlaceIds(db: Reader, slugOrName: string): Promise<number[]> {
  const bySlug = await db.selectFrom('places').select('id').where('slug', '=', slugOrName).executeTakeFirst()
  if (bySlug) return [bySlug.id]
  const byName = await db
    .selectFrom('place_names')
    .select('place_id')
    .distinct()
    .where('folded', '=', fold(slugOrName))
    .orderBy('place_id')
    .execute()
  return byName.map(({ place_id }) => place_id)
}

export interface ListedPlace {
  slug: string
  name: string
  kind: string
  country: string | null
  agreements: number
}

function selectPlaces(db: Reader, moment: Moment = NOW, today = '') {
  return db
    .selectFrom('places')
    .innerJoin('place_names as shown', (join) =>
      join.onRef('shown.place_id', '=', 'places.id').on('shown.position', '=', 1),
    )
    .select((eb) => [
      'slug',
      'shown.name',
      'kind',
      'country',
      countLinked('place', eb.ref('places.id'), moment, today).as('agreements'),
    ])
}

/** A page of the directory, by name; `q` finds a place by any of its names. */
export async function listPlaces(
  db: Reader,
  { q, page, per_page }: { q: string | null; page: number; per_page: number },
  moment: Moment,
  today: string,
) {
  const matching = (folded: string) =>
    db
      .selectFrom('place_names')
      .select('place_id')
      .where('folded', 'like', folded === '' ? NOTHING : `%${folded}%`)
  const byKey = (key: string) => db.selectFrom('place_names').select('place_id').where('key', 'like', `%${key}%`)
  let found = q === null ? null : matching(fold(q))
  if (q !== null && found && nameKey(q) !== '' && !(await found.limit(1).executeTakeFirst())) found = byKey(nameKey(q))
  const chosen = found
  const { total } = await db
    .selectFrom('places')
    .select(sql<number | bigint>`count(*)`.as('total'))
    .$if(chosen !== null, (query) => query.where('id', 'in', chosen))
    .where(enteredBy('place', 'places.id', moment))
    .executeTakeFirstOrThrow()
  const rows: ListedPlace[] = await selectPlaces(db, moment, today)
    .$if(chosen !== null, (query) => query.where('places.id', 'in', chosen))
    .where(enteredBy('place', 'places.id', moment))
    .orderBy('shown.folded')
    .orderBy('places.id')
    .limit(per_page)
    .offset((page - 1) * per_page)
    .execute()
  return { total: Number(total), rows }
}

/** The most used places, to choose from in a form. */
export async function suggestPlaces(db: Reader, most: number): Promise<ListedPlace[]> {
  return selectPlaces(db).orderBy('agreements', 'desc').orderBy('shown.folded').limit(most).execute()
}

/**
 * Places that `name` may mean: those that share it, if they are several (“Tartus” is the port and the base); those whose name
 * sounds like it, if none has it.
 */
export async function findAlikePlaces(db: Reader, name: string): Promise<ListedPlace[]> {
  const same = await findPlaceIds(db, name)
  if (same.length > 1) return selectPlaces(db).where('places.id', 'in', same).execute()
  const key = nameKey(name)
  if (same.length === 1 || key === '') return []
  return selectPlaces(db)
    .where('places.id', 'in', db.selectFrom('place_names').select('place_id').where('key', '=', key))
    .orderBy('places.id')
    .limit(MOST_ALIKE)
    .execute()
}

/** A place with its names, or undefined. */
export async function findPlace(db: Reader, slug: string) {
  const place = await db.selectFrom('places').selectAll().where('slug', '=', slug).executeTakeFirst()
  if (!place) return undefined
  const names = await db
    .selectFrom('place_names')
    .select(['name', 'lang'])
    .where('place_id', '=', place.id)
    .orderBy('position')
    .execute()
  return { ...place, names }
}
