import type { AgreementFacts, AgreementParts } from '../database/tables/agreements.ts'
import type { AgreementKind } from '../words/kind.ts'
import { factsOf } from '../agreements/agreement.ts'
import type { PartialDate } from '../time/partial-date.ts'
import { type Directories, madeUpDate, madeUpWord } from './directories.ts'
import { ARABIC_SYLLABLES, KIND_TITLES, SECTORS } from './words.ts'
import type { Random } from './random.ts'

/** Says of whatever is made up that it is. */
export const MADE_UP = 'Made up for measuring; not a real agreement.'

/** A title in three languages. */
export function madeUpTitle(random: Random, kind: AgreementKind): { en: string; ru: string; ar: string } {
  const words = KIND_TITLES[kind]
  const name = madeUpWord(random)
  return {
    en: `${words.en} ${random.pickEarly(SECTORS)} at ${name} (made up)`,
    ru: `${words.ru} ${name} (вымышлено)`,
    ar: `${words.ar} ${madeUpWord(random, ARABIC_SYLLABLES)}`,
  }
}

/** What an agreement of a year says. */
export function madeUpFacts(
  random: Random,
  { kind, title, signed_on, year }: { kind: AgreementKind; title: string; signed_on: PartialDate | null; year: number },
): AgreementFacts {
  const hasValue = random.chance(0.3)
  return factsOf({
    title,
    title_is_descriptive: random.chance(0.5) ? 1 : 0,
    kind,
    sector: random.pickEarly(SECTORS),
    signed_on,
    in_force_on: random.chance(0.4) ? madeUpDate(random, year + 1) : null,
    expires_on: random.chance(0.2) ? (String(year + random.whole(5, 50)) as PartialDate) : null,
    term: random.chance(0.3) ? `${random.whole(1, 99)} years` : null,
    value_amount: hasValue ? random.whole(1, 9_000) * 1_000_000 : null,
    value_currency: hasValue ? random.pick(['USD', 'EUR', 'CNY']) : null,
    value_note: null,
    summary: MADE_UP,
    lead: null,
    next_review_on: null,
  })
}

/** Its parties, its place, and its title in other languages. */
export function madeUpParts(
  random: Random,
  { states, others, places }: Directories,
  title: { ru: string; ar: string },
): AgreementParts {
  const first = random.pickEarly(states)
  const second = random.pick(random.chance(0.55) ? states.filter((state) => state !== first) : others)
  const place = random.chance(0.6) ? random.pickEarly(places) : null
  return {
    titles: [
      ...(random.chance(0.4) ? [{ lang: 'ru', title: title.ru, note: null }] : []),
      ...(random.chance(0.4) ? [{ lang: 'ar', title: title.ar, note: null }] : []),
    ],
    parties: [
      { party_id: first.id, name: first.name, country: first.country, role: 'party' },
      {
        party_id: second.id,
        name: second.name,
        country: second.country,
        role: random.pick(['party', 'investor', 'contractor', 'operator']),
      },
    ],
    places: place ? [{ place_id: place.id, name: place.name, role: 'concerns' }] : [],
    relations: [],
    notes: [],
  }
}
