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
import { linksOf } from '../agreements/links.ts'
import { firstDay, type PartialDate } from '../dates/partial-date.ts'
import { stanceVerb } from '../claims/claim.ts'
import { countsFrom } from '../claims/contested.ts'
import { LAST_INSTANT } from '../standing/moment.ts'
import { type KnownHistory, standingOn, standingsOverTime } from '../standing/standing.ts'
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

/** One agreement while it is made: its present row, and what the next change builds on. */
export interface Draft {
  id: number
  reference: string
  facts: AgreementFacts
  parts: AgreementParts
  partsText: string
  standing: Standing
  version: number
  /** When its present version was recorded, and when it was entered. */
  versionFrom: string
  createdAt: string
  history: {
    positions: KnownHistory['positions'][number][]
    claims: KnownHistory['claims'][number][]
    listed: KnownHistory['listed'][number][]
  }
  /** The last day on which something happened to it, in milliseconds. */
  day: number
}

/** Makes agreements with all that happens to them: each is entered, changed any number of times, and finished. */
export class AgreementMaker {
  readonly #random: Random
  readonly #directories: Directories
  readonly #partyNames: ReadonlyMap<number, string[]>
  readonly #placeNames: ReadonlyMap<number, string[]>
  readonly #numbers = new Map<string, number>()
  #lastId = 0
  #lastClaim = 0
  #lastPosition = 0

  constructor(random: Random, directories: Directories) {
    this.#random = random
    this.#directories = directories
    this.#partyNames = new Map([...directories.states, ...directories.others].map(({ id, names }) => [id, names]))
    this.#placeNames = new Map(directories.places.map(({ id, names }) => [id, names]))
  }

  /** One thing happens to an agreement. */
  change(rows: RowBuffer, draft: Draft): void {
    const dice = this.#random.next()
    if (dice < 0.5) this.#claim(rows, draft)
    else if (dice < 0.88) this.#move(rows, draft)
    else this.#edit(rows, draft)
  }

  /** Writes what follows from all that happened to an agreement. */
  finish(rows: RowBuffer, draft: Draft): void {
    const { id, reference, facts, parts, history, createdAt, versionFrom } = draft
    const known = { known_from: createdAt, known_to: LAST_INSTANT }
    history.listed.push({ kind: facts.kind, sector: facts.sector, known_from: versionFrom, known_to: LAST_INSTANT })
    const standings = standingsOverTime(history)
    for (const standing of standings) rows.add('standings', { agreement_id: id, ...standing })
    const present = standingOn(
      standings.filter(({ known_to }) => known_to === LAST_INSTANT),
      rows.at.slice(0, 10),
    )
    const title_sort = fold(facts.title)
    rows.add('agreements', {
      id,
      reference,
      title_sort,
      contested: present?.contested ?? 0,
      created_at: createdAt,
      ...this.#columns(draft),
    })
    rows.add('agreement_versions', {
      agreement_id: id,
      recorded_from: versionFrom,
      recorded_to: null,
      parts: draft.partsText,
      title_sort,
      ...this.#columns(draft),
    })
    for (const link of linksOf(parts)) rows.add('agreement_links', { agreement_id: id, ...link, ...known })
    const titles = parts.titles.map(({ title }) => title)
    rows.index(id, searchText({ reference, ...facts }, titles, this.#namesOf(parts)), known)
  }

  /** Enters an agreement with its first position. */
  enter(rows: RowBuffer): Draft {
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
    const draft: Draft = {
      id,
      reference,
      facts,
      parts,
      partsText: JSON.stringify(parts),
      standing,
      version: 1,
      versionFrom: rows.at,
      createdAt: rows.at,
      history: { positions: [], claims: [], listed: [] },
      day: Date.UTC(year + 1, 0, 1),
    }
    const change = rows.record({
      kind: 'agreement_created',
      subject: `agreement:${id}`,
      agreement: id,
      version: 1,
      before: null,
      after: filled({ reference, ...portrait(facts, parts), ...standing, effective_on: standing.status_since }),
      reason: MADE_UP,
    })
    this.#position(rows, draft, MADE_UP, change)
    return draft
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
      recorded_at: rows.at,
      recorded_by: rows.unit.actor.id,
      withdrawn_at: null,
    })
    rows.add('claim_agreements', { claim_id: id, agreement_id: draft.id })
    draft.history.claims.push({
      ...claim,
      counts_from: countsFrom({ ...claim, published_on: source.published_on }),
      known_from: rows.at,
      known_to: LAST_INSTANT,
    })
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
    const change = rows.record({
      kind: 'status_changed',
      subject: `agreement:${draft.id}`,
      agreement: draft.id,
      version: draft.version,
      before: { ...before },
      after: { ...after, effective_on: after.status_since, sources: [] },
      reason,
    })
    this.#position(rows, draft, reason, change)
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
    rows.add('agreement_versions', {
      agreement_id: draft.id,
      recorded_from: draft.versionFrom,
      recorded_to: rows.at,
      parts: draft.partsText,
      title_sort: fold(draft.facts.title),
      ...this.#columns(draft),
    })
    const { kind, sector } = draft.facts
    draft.history.listed.push({ kind, sector, known_from: draft.versionFrom, known_to: rows.at })
    draft.version += 1
    draft.versionFrom = rows.at
  }

  #position(rows: RowBuffer, { id: agreement_id, standing, history }: Draft, reason: string, change: number): void {
    const { status, means, status_since: effective_on } = standing
    const id = (this.#lastPosition += 1)
    rows.add('positions', {
      id,
      agreement_id,
      status,
      means,
      effective_on,
      reason,
      decided_by: rows.unit.actor.id,
      recorded_at: rows.at,
      superseded_at: null,
      change_id: change,
      corrects_id: null,
    })
    const known = { known_from: rows.at, known_to: LAST_INSTANT }
    history.positions.push({ id, status, means, effective_on, effective_day: firstDay(effective_on), ...known })
  }

  #columns({ facts, parts, standing, version, versionFrom }: Draft) {
    return { ...facts, ...standing, ...listColumns(parts), version, updated_at: versionFrom }
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
