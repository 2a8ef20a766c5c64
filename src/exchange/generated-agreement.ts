import {
  AGREEMENT_KINDS,
  type AgreementFacts,
  type AgreementKind,
  type AgreementParts,
  FACT_COLUMNS,
  listColumns,
  portrait,
  referenceStem,
} from '../agreements/agreement.ts'
import { searchText } from '../agreements/search-text.ts'
import { type Means, MEANS_OF, type Status, statusLabel, transitionsFrom } from '../agreements/status.ts'
import type { PartialDate } from '../dates/partial-date.ts'
import { stanceVerb } from '../evidence/claim.ts'
import { contradicts } from '../evidence/contested.ts'
import { difference, filled } from '../history/change.ts'
import { fold } from '../names/name.ts'
import { type Directories, madeUpDate, madeUpWord } from './generated-directories.ts'
import type { RowBuffer } from './generated-rows.ts'
import { ARABIC_SYLLABLES, KIND_TITLES, REASONS, SECTORS, SPEAKERS } from './generated-words.ts'
import type { Random } from './random.ts'

const DAY = 86_400_000
const LATEST = Date.parse('2026-11-01')
const MADE_UP = 'Made up for measuring; not a real agreement.'

interface Standing {
  status: Status
  means: Means | null
  status_since: PartialDate
}

type MadeClaim = Parameters<typeof contradicts>[0]

/** One agreement while it is made: its present row, and what the next change builds on. */
interface Draft {
  id: number
  reference: string
  facts: AgreementFacts
  parts: AgreementParts
  partsText: string
  standing: Standing
  version: number
  claims: MadeClaim[]
  /** The last day on which something happened to it, in milliseconds. */
  day: number
}

/** Makes agreements with all that happens to them. */
export class AgreementMaker {
  readonly #random: Random
  readonly #directories: Directories
  readonly #partyNames: ReadonlyMap<number, string[]>
  readonly #placeNames: ReadonlyMap<number, string[]>
  readonly #numbers = new Map<string, number>()
  #lastId = 0
  #lastClaim = 0

  constructor(random: Random, directories: Directories) {
    this.#random = random
    this.#directories = directories
    this.#partyNames = new Map([...directories.states, ...directories.others].map(({ id, names }) => [id, names]))
    this.#placeNames = new Map(directories.places.map(({ id, names }) => [id, names]))
  }

  /** Makes an agreement with so many changes, its entry included (at least that one). How many it were. */
  make(rows: RowBuffer, changes: number): number {
    const draft = this.#enter(rows)
    for (let count = 1; count < changes; count += 1) {
      const dice = this.#random.next()
      if (dice < 0.5) this.#claim(rows, draft)
      else if (dice < 0.88) this.#move(rows, draft)
      else this.#edit(rows, draft)
    }
    const { id, reference, facts, parts, claims, standing } = draft
    const contested = claims.some((claim) =>
      contradicts(claim, { status: standing.status, effective_on: standing.status_since }),
    )
      ? 1
      : 0
    rows.add('agreements', {
      id,
      reference,
      title_sort: fold(facts.title),
      contested,
      created_at: rows.unit.at,
      ...this.#columns(rows, draft),
    })
    rows.add('agreement_versions', {
      agreement_id: id,
      recorded_from: rows.unit.at,
      recorded_to: null,
      parts: draft.partsText,
      ...this.#columns(rows, draft),
    })
    const names = this.#namesOf(parts)
    rows.index(
      id,
      searchText(
        { reference, ...facts },
        parts.titles.map(({ title }) => title),
        names,
      ),
    )
    return Math.max(1, changes)
  }

  #enter(rows: RowBuffer): Draft {
    const random = this.#random
    const kind = random.pickEarly(AGREEMENT_KINDS)
    const year = 2025 - Math.floor(random.next() ** 2 * 75)
    const signed_on = random.chance(0.04) ? null : madeUpDate(random, year)
    const title = this.#title(kind)
    const facts = this.#facts(kind, title.en, signed_on, year)
    const parts = this.#parts(title)
    const standing: Standing = {
      status: 'active',
      means: random.pick(['in_force', 'in_force', 'in_force', 'signed_not_in_force'] as const),
      status_since: signed_on ?? (String(year) as PartialDate),
    }
    const stem = referenceStem(parts, signed_on)
    const number = (this.#numbers.get(stem) ?? 0) + 1
    this.#numbers.set(stem, number)
    const id = (this.#lastId += 1)
    const reference = `${stem}-${number}`
    parts.titles.forEach(({ lang, title: text }, index) =>
      rows.add('agreement_titles', { agreement_id: id, position: index + 1, lang, title: text, note: null }),
    )
    parts.parties.forEach(({ party_id, role }, index) =>
      rows.add('agreement_parties', { agreement_id: id, position: index + 1, party_id, role }),
    )
    parts.places.forEach(({ place_id, role }, index) =>
      rows.add('agreement_places', { agreement_id: id, position: index + 1, place_id, role }),
    )
    this.#position(rows, id, standing, MADE_UP)
    rows.record({
      kind: 'agreement_created',
      subject: `agreement:${id}`,
      agreement: id,
      version: 1,
      before: null,
      after: filled({ reference, ...portrait(facts, parts), ...standing, effective_on: standing.status_since }),
      reason: MADE_UP,
    })
    return {
      id,
      reference,
      facts,
      parts,
      partsText: JSON.stringify(parts),
      standing,
      version: 1,
      claims: [],
      day: Date.UTC(year + 1, 0, 1),
    }
  }

  #claim(rows: RowBuffer, draft: Draft): void {
    const random = this.#random
    const id = (this.#lastClaim += 1)
    const source = random.pick(this.#directories.sources)
    const claim = {
      asserted_by: random.pick(SPEAKERS),
      stance: random.chance(0.85) ? ('asserts' as const) : ('denies' as const),
      status: random.chance(0.7)
        ? draft.standing.status
        : random.pick(['active', 'under_review', 'annulled', 'reassigned'] as const),
      means: null,
      effective_on: random.chance(0.8) ? this.#dayAfter(draft) : null,
      said_on: null,
      note: null,
      scope: null,
    }
    rows.add('claims', {
      id,
      source_id: source.id,
      ...claim,
      credibility: random.whole(1, 6),
      status_fit: 'exact',
      recorded_at: rows.unit.at,
      recorded_by: rows.unit.actor.id,
      withdrawn_at: null,
    })
    rows.add('claim_agreements', { claim_id: id, agreement_id: draft.id })
    draft.claims.push(claim)
    const said = `${claim.asserted_by} ${stanceVerb(claim.stance)} ${statusLabel(claim.status)}`
    rows.record({
      kind: 'claim_added',
      subject: `claim:${id}`,
      agreement: draft.id,
      version: null,
      before: null,
      after: filled({ claim: said, ...claim, agreements: [draft.reference], sources: [source.title] }),
      reason: null,
    })
  }

  #move(rows: RowBuffer, draft: Draft): void {
    const random = this.#random
    const before = draft.standing
    const { to } = random.pick(transitionsFrom(before.status))
    const after: Standing = { status: to, means: random.pick(MEANS_OF[to]), status_since: this.#dayAfter(draft) }
    const reason = random.pick(REASONS)
    this.#closeVersion(rows, draft)
    draft.standing = after
    this.#position(rows, draft.id, after, reason)
    rows.record({
      kind: 'status_changed',
      subject: `agreement:${draft.id}`,
      agreement: draft.id,
      version: draft.version,
      before: { ...before },
      after: { ...after, effective_on: after.status_since, sources: [] },
      reason,
    })
  }

  #edit(rows: RowBuffer, draft: Draft): void {
    const random = this.#random
    const facts = {
      ...draft.facts,
      lead: random.pick(['A. Haddad', 'M. Petrova', 'L. Moreau', 'S. Khan']),
      next_review_on: madeUpDate(random, 2027),
    }
    const changed = difference(portrait(draft.facts, draft.parts), portrait(facts, draft.parts)) ?? {
      before: {},
      after: {},
    }
    this.#closeVersion(rows, draft)
    draft.facts = facts
    rows.record({
      kind: 'agreement_edited',
      subject: `agreement:${draft.id}`,
      agreement: draft.id,
      version: draft.version,
      ...changed,
      reason: null,
    })
  }

  #closeVersion(rows: RowBuffer, draft: Draft): void {
    const { at } = rows.unit
    rows.add('agreement_versions', {
      agreement_id: draft.id,
      recorded_from: at,
      recorded_to: at,
      parts: draft.partsText,
      ...this.#columns(rows, draft),
    })
    draft.version += 1
  }

  #position(rows: RowBuffer, agreement_id: number, { status, means, status_since }: Standing, reason: string): void {
    const { at, actor } = rows.unit
    rows.add('positions', {
      agreement_id,
      status,
      means,
      effective_on: status_since,
      reason,
      decided_by: actor.id,
      recorded_at: at,
      superseded_at: null,
    })
  }

  #columns(rows: RowBuffer, { facts, parts, standing, version }: Draft) {
    return { ...facts, ...standing, ...listColumns(parts), version, updated_at: rows.unit.at }
  }

  #parts(title: { ru: string; ar: string }): AgreementParts {
    const random = this.#random
    const { states, others, places } = this.#directories
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

  #namesOf(parts: AgreementParts): string[] {
    return [
      ...parts.parties.flatMap(({ party_id }) => this.#partyNames.get(party_id) ?? []),
      ...parts.places.flatMap(({ place_id }) => this.#placeNames.get(place_id) ?? []),
    ]
  }

  #facts(kind: AgreementKind, title: string, signed_on: PartialDate | null, year: number): AgreementFacts {
    const random = this.#random
    const hasValue = random.chance(0.3)
    const facts: AgreementFacts = {
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
    }
    return Object.fromEntries(FACT_COLUMNS.map((column) => [column, facts[column]])) as AgreementFacts
  }

  #title(kind: AgreementKind): { en: string; ru: string; ar: string } {
    const words = KIND_TITLES[kind]
    const name = madeUpWord(this.#random)
    return {
      en: `${words.en} ${this.#random.pickEarly(SECTORS)} at ${name} (made up)`,
      ru: `${words.ru} ${name} (вымышлено)`,
      ar: `${words.ar} ${madeUpWord(this.#random, ARABIC_SYLLABLES)}`,
    }
  }

  /** A day after the last thing that happened to an agreement, until late 2026. */
  #dayAfter(draft: Draft): PartialDate {
    draft.day = Math.min(LATEST, draft.day + Math.floor(this.#random.next() * 900) * DAY)
    return new Date(draft.day).toISOString().slice(0, 10) as PartialDate
  }
}
