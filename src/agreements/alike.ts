import type { Reader } from '../database/schema.ts'
import { invalidField } from '../errors.ts'
import { findAlikeParties, type ListedParty } from '../directories/party-queries.ts'
import { findAlikePlaces, type ListedPlace } from '../directories/place-queries.ts'
import { MOST } from '../forms/fields.ts'
import { texts, type Typed } from '../forms/typed.ts'

/** For each typed name, what in the directory sounds like it; empty where it is known, or nothing does. */
export async function alikeParties(db: Reader, typed: Typed): Promise<ListedParty[][]> {
  return Promise.all(
    texts(typed, 'party_name')
      .slice(0, MOST)
      .map((name) => findAlikeParties(db, name)),
  )
}

export async function alikePlaces(db: Reader, typed: Typed): Promise<ListedPlace[][]> {
  return Promise.all(
    texts(typed, 'place')
      .slice(0, MOST)
      .map((name) => findAlikePlaces(db, name)),
  )
}

/**
 * Asks about a name that may mean another one of the directory, until the reader has chosen.
 * @throws AppError `invalid` with the question.
 */
export async function refuseAlike(db: Reader, typed: Typed): Promise<void> {
  const parties = await alikeParties(db, typed)
  const party = firstOpen(parties, texts(typed, 'party_choice'))
  if (party !== -1) throw invalidField('party_name', question(texts(typed, 'party_name')[party], parties[party]))
  const places = await alikePlaces(db, typed)
  const place = firstOpen(places, texts(typed, 'place_choice'))
  if (place !== -1) throw invalidField('place', question(texts(typed, 'place')[place], places[place]))
}

function firstOpen(alike: readonly unknown[][], choices: readonly string[]): number {
  return alike.findIndex((found, index) => found.length > 0 && !choices[index])
}

function question(name: string | undefined, alike: { name: string }[] | undefined): string {
  return `“${name}” may mean ${(alike ?? []).map((one) => `“${one.name}”`).join(', ')}: choose whether it is the same`
}
