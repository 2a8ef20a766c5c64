import type { Unit } from '../database/unit.ts'
import type { PartialDate } from '../time/partial-date.ts'
import { findOrAddSource } from '../sources/commands.ts'
import { countryName } from '../names/country.ts'
import { findOrAddParty } from '../directories/party-commands.ts'
import type { PartyType } from '../words/party.ts'
import { addPlace } from '../directories/place-commands.ts'
import { ARABIC_SYLLABLES, COMPANY_FORMS, PLACE_WORDS, PUBLISHERS, STATES, SYLLABLES } from './words.ts'
import type { ToldSource } from '../history/change.ts'
import type { Random } from './random.ts'

export interface MadeParty {
  id: number
  name: string
  country: string
  /** Every name of it, for the search index. */
  names: string[]
}

export interface MadePlace {
  id: number
  name: string
  names: string[]
}

/** What made-up agreements are made with. */
export interface Directories {
  states: MadeParty[]
  others: MadeParty[]
  places: MadePlace[]
  sources: { quoted: ToldSource; published_on: PartialDate }[]
}

/** Enters made-up parties, places and sources, through the commands. */
export async function makeDirectories(unit: Unit, random: Random, agreements: number): Promise<Directories> {
  const party = async (name: string, type: PartyType, country: string): Promise<MadeParty> => {
    const id = await findOrAddParty(unit, { name, type, country })
    const names = await unit.trx
      .selectFrom('party_names')
      .select('name')
      .where('party_id', '=', id)
      .orderBy('position')
      .execute()
    return { id, name, country, names: names.map((row) => row.name) }
  }
  const directories: Directories = { states: [], others: [], places: [], sources: [] }
  for (const country of STATES)
    directories.states.push(await party(`State of ${countryName(country)}`, 'state', country))
  const taken = new Set<string>()
  for (let count = Math.min(2_000, 20 + agreements / 20); count > 0; count -= 1) {
    const name = `${madeUpWord(random)} ${random.pick(COMPANY_FORMS)}`
    const type = random.pick(['company', 'company', 'agency', 'bank'] as const)
    if (!taken.has(name)) directories.others.push(await party(name, type, random.pickEarly(STATES)))
    taken.add(name)
  }
  for (let count = Math.min(500, 10 + agreements / 50); count > 0; count -= 1) {
    const kind = random.pick(PLACE_WORDS)
    const [english, arabic] = [`${madeUpWord(random)} ${kind}`, madeUpWord(random, ARABIC_SYLLABLES)]
    const id = await addPlace(unit, {
      kind,
      country: random.pickEarly(STATES),
      latitude: null,
      longitude: null,
      names: [
        { name: english, lang: 'en' },
        { name: arabic, lang: 'ar' },
      ],
    })
    directories.places.push({ id, name: english, names: [english, arabic] })
  }
  for (let count = Math.floor(Math.min(1_000, 10 + agreements / 50)); count > 0; count -= 1) {
    const title = `${madeUpWord(random)} ${madeUpWord(random)}`
    const source = {
      title,
      publisher: random.pick(PUBLISHERS),
      url: `https://press.example/${count}`,
      published_on: madeUpDate(random, random.whole(2015, 2025)),
    }
    const { published_on, ...cited } = source
    directories.sources.push({ quoted: { id: await findOrAddSource(unit, source), ...cited }, published_on })
  }
  return directories
}

export function madeUpWord(random: Random, syllables: readonly string[] = SYLLABLES): string {
  const word = Array.from({ length: random.whole(2, 4) }, () => random.pick(syllables)).join('')
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** As precise as sources are: mostly a day, sometimes a month or a year. */
export function madeUpDate(random: Random, year: number): PartialDate {
  const day = new Date(Date.UTC(year, random.whole(0, 11), random.whole(1, 28))).toISOString().slice(0, 10)
  return day.slice(0, random.pick([10, 10, 10, 7, 4])) as PartialDate
}
