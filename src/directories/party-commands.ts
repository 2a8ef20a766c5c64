import type { Unit } from '../database/unit.ts'
import { inUnit, type UnitContext } from '../database/unit.ts'
import type { User } from '../accounts/user.ts'
import { reindexAgreementsOf } from '../standing/search-text.ts'
import { AppError, invalidField } from '../errors.ts'
import { filled } from '../history/change.ts'
import { recordChange } from '../history/record.ts'
import { countryName } from '../names/country.ts'
import { fold, nameKey } from '../names/name.ts'
import { freeSlug } from './slug.ts'
import { type PartyType, partyTypeLabel } from '../words/party.ts'

export interface NewName {
  name: string
  lang: string | null
}

export interface NewParty {
  name: string
  type: PartyType
  country: string | null
}

/** A state is also found by its short name in these languages (CLDR). */
export const STATE_NAME_LANGUAGES = ['en', 'ar', 'ru']

/** The form's fields for a party's type and country, to name them when they are wrong. */
const FIELDS = { type: 'party_type', country: 'party_country' }

/**
 * The directory's party of that name, in any of its spellings, and country; entered if it is new. Its id.
 * @throws AppError `invalid` when the directory has it with another type or without a country, or has several of the name.
 */
export async function findOrAddParty(unit: Unit, party: NewParty, fields = FIELDS): Promise<number> {
  const known = await unit.trx
    .selectFrom('party_names')
    .innerJoin('parties', 'parties.id', 'party_names.party_id')
    .select(['parties.id', 'type', 'country'])
    .distinct()
    .where('folded', '=', fold(party.name))
    .orderBy('parties.id')
    .execute()
  const there = (name: string) => `“${party.name}” is in the directory ${name}`
  if (party.country === null && known.length > 1) {
    throw invalidField(fields.country, `${there('in several countries')}: choose the country`)
  }
  const found = party.country === null ? known[0] : known.find(({ country }) => country === party.country)
  if (!found && known.some(({ country }) => country === null)) {
    throw invalidField(fields.country, `${there('without a country')}: choose None, or give another name`)
  }
  if (found && found.type !== party.type) {
    throw invalidField(fields.type, `${there(`as ${partyTypeLabel(found.type)}`)}: choose that, or give another name`)
  }
  return found?.id ?? addParty(unit, party)
}

async function addParty(unit: Unit, { name, type, country }: NewParty): Promise<number> {
  const { id } = await unit.trx
    .insertInto('parties')
    .values({ slug: await freeSlug(unit.trx, 'parties', name), type, country })
    .returning('id')
    .executeTakeFirstOrThrow()
  const names: NewName[] = [{ name, lang: null }]
  if (type === 'state' && country !== null) {
    for (const lang of STATE_NAME_LANGUAGES) {
      const other = countryName(country, lang)
      if (!names.some((known) => known.name === other)) names.push({ name: other, lang })
    }
  }
  await recordChange(unit, {
    kind: 'party_added',
    subject: `party:${id}`,
    after: filled({ name, type, country, stored: { names } }),
  })
  for (const one of names) await insertName(unit, id, one)
  return id
}

/**
 * Adds a name to a party, so that what it signed is found by it.
 * @throws AppError `not_found` for an unknown slug, `invalid` for a name that it already has.
 */
export async function addPartyName(context: UnitContext, actor: User, slug: string, name: NewName): Promise<void> {
  await inUnit(context, actor, async (unit) => {
    const party = await unit.trx.selectFrom('parties').select('id').where('slug', '=', slug).executeTakeFirst()
    if (!party) throw new AppError('not_found', `There is no party “${slug}”.`)
    if (!(await addNameToParty(unit, party.id, name)))
      throw invalidField('name', 'The party has this name already: give another one')
    await reindexAgreementsOf(unit.trx, 'party', party.id)
  })
}

/** Adds a name in the unit under way; false if the party has it already. */
export async function addNameToParty(unit: Unit, partyId: number, name: NewName): Promise<boolean> {
  if (!(await insertName(unit, partyId, name))) return false
  await recordChange(unit, {
    kind: 'party_name_added',
    subject: `party:${partyId}`,
    after: filled({ name: name.name, lang: name.lang }),
  })
  return true
}

async function insertName(unit: Unit, partyId: number, { name, lang }: NewName): Promise<boolean> {
  const names = await unit.trx.selectFrom('party_names').select('name').where('party_id', '=', partyId).execute()
  if (names.some((known) => known.name === name)) return false
  await unit.trx
    .insertInto('party_names')
    .values({ party_id: partyId, position: names.length + 1, name, lang, folded: fold(name), key: nameKey(name) })
    .execute()
  return true
}
