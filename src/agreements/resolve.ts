import type { Unit } from '../database/unit.ts'
import { AppError, invalidField } from '../errors.ts'
import { findOrAddParty } from '../directories/party-commands.ts'
import { addPlace, findPlaceByName } from '../directories/place-commands.ts'
import type { AgreementEntry } from './entry.ts'
import type { NewParts } from './parts.ts'

/**
 * Finds the parties, places and agreements that an entry names, and enters the parties and places that are new.
 * @throws AppError `invalid` when the same party or place is named twice, or a reference is unknown.
 */
export async function resolveEntry(unit: Unit, entry: AgreementEntry, ownId?: number): Promise<NewParts> {
  const parties = []
  for (const { role, ...party } of entry.parties) parties.push({ party_id: await findOrAddParty(unit, party), role })
  refuseTwice(
    parties.map(({ party_id }) => party_id),
    entry.parties,
    'party_name',
    'The party',
  )

  const places = []
  for (const { role, name, kind, country } of entry.places) {
    const place = {
      kind,
      country,
      latitude: null,
      longitude: null,
      names: [{ name, lang: null }] as [{ name: string; lang: null }],
    }
    places.push({ place_id: (await findPlaceByName(unit, name)) ?? (await addPlace(unit, place)), role })
  }
  refuseTwice(
    places.map(({ place_id, role }) => `${role} ${place_id}`),
    entry.places,
    'place',
    'The place',
  )

  const relations: NewParts['relations'] = []
  for (const { kind, reference } of entry.relations) {
    const other = await findAgreementId(unit, reference, 'relation_reference')
    if (other === ownId) throw invalidField('relation_reference', `${reference} is this agreement: give another one`)
    // A repeated row is taken once.
    if (!relations.some((one) => one.kind === kind && one.other_id === other)) relations.push({ kind, other_id: other })
  }
  return { titles: entry.titles, parties, places, relations, notes: entry.notes }
}

/**
 * The id behind a reference that was typed into a field.
 * @throws AppError `invalid` naming the field when there is none.
 */
export async function findAgreementId(unit: Unit, reference: string, field: string): Promise<number> {
  const found = await unit.trx
    .selectFrom('agreements')
    .select('id')
    .where('reference', '=', reference.toUpperCase())
    .executeTakeFirst()
  if (!found) throw invalidField(field, `There is no agreement ${reference}: give a reference such as RUS-SYR-2019-1`)
  return found.id
}

function refuseTwice(
  keys: readonly (string | number)[],
  named: readonly { name: string }[],
  field: string,
  what: string,
): void {
  const twice = keys.findIndex((key, index) => keys.indexOf(key) !== index)
  if (twice === -1) return
  const message = `${what} “${named[twice]?.name}” is named twice: keep one row for it`
  throw new AppError('invalid', message, { [field]: message })
}
