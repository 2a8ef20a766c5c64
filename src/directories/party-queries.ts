import { sql } from 'kysely'
import type { Reader } from '../database/schema.ts'
import { fold, nameKey } from '../names/name.ts'
import { countLinked, enteredBy } from '../standing/at.ts'
import { type Moment, NOW } from '../time/moment.ts'
import type { PartyType } from '../words/party.ts'

/** No folded name has it: what is looked for when signs alone were typed. */
const NOTHING = '!'

/** The party of a slug, or of a name in any of its spellings. */
export async function findPartyId(db: Reader, slugOrName: string): Promise<number | undefined> {
  const bySlug = await db.selectFrom('parties').select('id').where('slug', '=', slugOrName).executeTakeFirst()
  if (bySlug) return bySlug.id
  const byName = await db
    .selectFrom('party_names')
    .select('party_id')
    .where('folded', '=', fold(slugOrName))
    .orderBy('position')
    .orderBy('party_id')
    .limit(1)
    .executeTakeFirst()
  return byName?.party_id
}

export interface ListedParty {
  slug: string
  name: string
  type: PartyType
  country: string | null
  agreements: number
}

/** What stands in a directory's list before a limit is set: parties by name, with the number of their agreements. */
function selectParties(db: Reader, moment: Moment = NOW, today = '') {
  return db
    .selectFrom('parties')
    .innerJoin('party_names as shown', (join) =>
      join.onRef('shown.party_id', '=', 'parties.id').on('shown.position', '=', 1),
    )
    .select((eb) => [
      'slug',
      'shown.name',
      'type',
      'country',
      countLinked('party', eb.ref('parties.id'), moment, today).as('agreements'),
    ])
}

/** A page of the directory, by name; `q` finds a party by any of its names. */
export async function listParties(
  db: Reader,
  { q, page, per_page }: { q: string | null; page: number; per_page: number },
  moment: Moment,
  today: string,
) {
  const matching = (folded: string) =>
    db
      .selectFrom('party_names')
      .select('party_id')
      .where('folded', 'like', folded === '' ? NOTHING : `%${folded}%`)
  const byKey = (key: string) => db.selectFrom('party_names').select('party_id').where('key', 'like', `%${key}%`)
  let found = q === null ? null : matching(fold(q))
  if (q !== null && found && nameKey(q) !== '' && !(await found.limit(1).executeTakeFirst())) found = byKey(nameKey(q))
  const chosen = found
  const { total } = await db
    .selectFrom('parties')
    .select(sql<number | bigint>`count(*)`.as('total'))
    .$if(chosen !== null, (query) => query.where('id', 'in', chosen))
    .where(enteredBy('party', 'parties.id', moment))
    .executeTakeFirstOrThrow()
  const rows: ListedParty[] = await selectParties(db, moment, today)
    .$if(chosen !== null, (query) => query.where('parties.id', 'in', chosen))
    .where(enteredBy('party', 'parties.id', moment))
    .orderBy('shown.folded')
    .orderBy('parties.id')
    .limit(per_page)
    .offset((page - 1) * per_page)
    .execute()
  return { total: Number(total), rows }
}

/** The most used parties, to choose from in a form. */
export async function suggestParties(db: Reader, most: number): Promise<ListedParty[]> {
  return selectParties(db).orderBy('agreements', 'desc').orderBy('shown.folded').limit(most).execute()
}

/** Parties whose name sounds like `name` without being one of its spellings: perhaps the same one. */
export async function findAlikeParties(db: Reader, name: string): Promise<ListedParty[]> {
  const key = nameKey(name)
  if (key === '') return []
  const same = db.selectFrom('party_names').select('party_id').where('folded', '=', fold(name))
  if (await same.limit(1).executeTakeFirst()) return []
  return selectParties(db)
    .where('parties.id', 'in', db.selectFrom('party_names').select('party_id').where('key', '=', key))
    .orderBy('parties.id')
    .limit(5)
    .execute()
}

/** A party with its names, or undefined. */
export async function findParty(db: Reader, slug: string) {
  const party = await db.selectFrom('parties').selectAll().where('slug', '=', slug).executeTakeFirst()
  if (!party) return undefined
  const names = await db
    .selectFrom('party_names')
    .select(['name', 'lang'])
    .where('party_id', '=', party.id)
    .orderBy('position')
    .execute()
  return { ...party, names }
}
