import { readFileSync } from 'node:fs'

/** The facts of `seeds/`, as somebody would type them into the forms. */

export type Form = Record<string, string | string[]>

interface Party {
  name: string
  type: string
  country: string
  names: Name[]
}

interface Place {
  key: string
  kind: string
  country: string
  names: [Name, ...Name[]]
}

interface Agreement {
  key: string
  title: string
  titles: { lang: string; title: string }[]
  kind: string
  sector: string
  parties: { name: string; country: string; role: string }[]
  places: { place: string; role: 'concerns' | 'signed_at' }[]
  signed_on: string | null
  term: string | null
  value_amount: number | null
  value_currency: string | null
  value_note: string | null
  summary: string
  positions: { status: string; means: string; effective_on: string }[]
}

interface Claim {
  agreements: string[]
  scope: string | null
  stance: string
  status: string
  effective_on: string | null
  asserted_by: string
  status_fit: string
  note: string | null
  source: string
}

interface Source {
  url: string
  title: string | null
  publisher: string | null
  published_on: string | null
}

export interface Name {
  name: string
  lang: string | null
}

const agreements = read<Agreement>('agreements')
const claims = read<Claim>('claims')
const parties = read<Party>('parties')
const places = read<Place>('places')
const sources = read<Source>('sources')

/** The form that enters an agreement as it first stood. */
export function agreementFacts(key: string, more: Form = {}): Form {
  const agreement = only(agreements, (one) => one.key === key)
  const [first] = agreement.positions
  const concerned = agreement.places.filter(({ role }) => role === 'concerns').map(({ place }) => placeOf(place))
  return typed({
    title: agreement.title,
    title_is_descriptive: 'yes',
    ...Object.fromEntries(agreement.titles.map(({ lang, title }) => [`title_${lang}`, title])),
    kind: agreement.kind,
    sector: agreement.sector,
    signed_on: agreement.signed_on,
    term: agreement.term,
    value_amount: agreement.value_amount,
    value_currency: agreement.value_currency,
    value_note: agreement.value_note,
    summary: agreement.summary,
    party_name: agreement.parties.map(({ name }) => name),
    party_type: agreement.parties.map(({ name, country }) => partyOf(name, country).type),
    party_country: agreement.parties.map(({ country }) => country),
    party_role: agreement.parties.map(({ role }) => role),
    place: concerned.map(({ names: [{ name }] }) => name),
    place_kind: concerned.map(({ kind }) => kind),
    place_country: concerned.map(({ country }) => country),
    signed_at: agreement.places
      .filter(({ role }) => role === 'signed_at')
      .map(({ place }) => placeOf(place).names[0].name),
    status: first?.status ?? null,
    means: first?.means ?? null,
    status_since: first?.effective_on ?? null,
    ...more,
  })
}

/** The form that records what somebody said of an agreement; speaker and publisher by how their names begin. */
export function claimFacts(key: string, speaker: string, publisher: string, more: Form = {}): Form {
  const {
    agreements: _about,
    source,
    ...said
  } = only(
    claims,
    (one) =>
      one.agreements.includes(key) &&
      one.asserted_by.startsWith(speaker) &&
      sourceOf(one.source).publisher?.startsWith(publisher) === true,
  )
  return typed({ ...said, ...sourceFacts(source), ...more })
}

/** The fields that enter a source. */
export function sourceFacts(url: string): Form {
  const { title, publisher, published_on } = sourceOf(url)
  return typed({
    source_title: title,
    source_publisher: publisher,
    source_url: url,
    source_published_on: published_on,
  })
}

/** Every name of a place but the first. */
export function otherNames(place: string): Name[] {
  return placeOf(place).names.slice(1)
}

/** A form sends no null, and a number as text. */
function typed(fields: Record<string, string | number | string[] | null>): Form {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, value]) =>
      value === null ? [] : [[field, typeof value === 'number' ? String(value) : value]],
    ),
  )
}

function partyOf(name: string, country: string): Party {
  return only(parties, (one) => one.name === name && one.country === country)
}

function sourceOf(url: string): Source {
  return only(sources, (one) => one.url === url)
}

function placeOf(key: string): Place {
  return only(places, (one) => one.key === key)
}

/** The only one that fits: a story that rests on the wrong fact should not begin. */
function only<One>(all: readonly One[], fits: (one: One) => boolean): One {
  const [found, ...others] = all.filter(fits)
  if (found === undefined || others.length > 0) throw new Error(`seeds: ${others.length + 1} facts where one is meant`)
  return found
}

function read<Row>(name: string): Row[] {
  return JSON.parse(readFileSync(new URL(`../../seeds/${name}.json`, import.meta.url), 'utf8')) as Row[]
}
