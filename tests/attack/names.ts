import type { Reader } from '../../src/database/schema.ts'
import type { Names } from './addresses.ts'

/** Some of what a register has that an address may name. */
export async function askedOf(read: Reader, most = 12): Promise<Names> {
  const agreements = await read
    .selectFrom('agreements')
    .select(['reference', 'sector'])
    .orderBy('id')
    .limit(most)
    .execute()
  const parties = await read.selectFrom('parties').select('slug').orderBy('id').limit(most).execute()
  const partyNames = await read.selectFrom('party_names').select('name').orderBy('party_id').limit(most).execute()
  const places = await read.selectFrom('places').select('slug').orderBy('id').limit(most).execute()
  return {
    references: agreements.map(({ reference }) => reference),
    sectors: agreements.flatMap(({ sector }) => sector ?? []),
    parties: [...parties.map(({ slug }) => slug), ...partyNames.map(({ name }) => name)],
    spoken: partyNames.map(({ name }) => name),
    places: places.map(({ slug }) => slug),
    slugs: [...parties, ...places].map(({ slug }) => slug),
  }
}
