import { AGREEMENT_KINDS } from '../words/kind.ts'
import type { AgreementParts } from '../database/tables/agreements.ts'
import { portrait, referenceStem } from '../agreements/agreement.ts'
import { referenceSort } from '../names/reference.ts'
import { linksOf } from '../standing/links.ts'
import { namesInOrder, searchText } from '../standing/search-text.ts'
import type { PartialDate } from '../time/partial-date.ts'
import { filled } from '../history/change.ts'
import { fold } from '../names/name.ts'
import { LAST_INSTANT } from '../time/moment.ts'
import { standingOn, standingsOverTime } from '../standing/standing.ts'
import { changeAgreement } from './changes.ts'
import { type Directories, madeUpDate } from './directories.ts'
import { addPosition, columnsOf, type Draft, type Standing } from './draft.ts'
import { MADE_UP, madeUpFacts, madeUpParts, madeUpTitle } from './facts.ts'
import type { RowBuffer } from './rows.ts'
import type { Random } from './random.ts'

/** Makes agreements with all that happens to them: each is entered, changed any number of times, and finished. */
export class AgreementMaker {
  readonly #random: Random
  readonly #directories: Directories
  readonly #partyNames: ReadonlyMap<number, string[]>
  readonly #placeNames: ReadonlyMap<number, string[]>
  readonly #numbers = new Map<string, number>()

  constructor(random: Random, directories: Directories) {
    this.#random = random
    this.#directories = directories
    this.#partyNames = new Map([...directories.states, ...directories.others].map(({ id, names }) => [id, names]))
    this.#placeNames = new Map(directories.places.map(({ id, names }) => [id, names]))
  }

  /** Enters an agreement with its first position. */
  enter(rows: RowBuffer): Draft {
    const random = this.#random
    const kind = random.pickEarly(AGREEMENT_KINDS)
    const year = 2025 - Math.floor(random.next() ** 2 * 75)
    const signed_on = random.chance(0.04) ? null : madeUpDate(random, year)
    const title = madeUpTitle(random, kind)
    const facts = madeUpFacts(random, { kind, title: title.en, signed_on, year })
    const parts = madeUpParts(random, this.#directories, title)
    const standing: Standing = {
      status: 'active',
      means: random.pick(['in_force', 'in_force', 'in_force', 'signed_not_in_force'] as const),
      status_since: signed_on ?? (String(year) as PartialDate),
    }
    const stem = referenceStem(parts, signed_on)
    const number = (this.#numbers.get(stem) ?? 0) + 1
    this.#numbers.set(stem, number)
    const id = rows.nextId('agreements')
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
    addPosition(rows, draft, { reason: MADE_UP, change })
    return draft
  }

  /** One thing happens to an agreement. */
  change(rows: RowBuffer, draft: Draft): void {
    changeAgreement(this.#random, this.#directories, rows, draft)
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
      reference_sort: referenceSort(reference),
      title_sort,
      contested: present?.contested ?? 0,
      created_at: createdAt,
      ...columnsOf(draft),
    })
    rows.add('agreement_versions', {
      agreement_id: id,
      recorded_from: versionFrom,
      recorded_to: null,
      parts: draft.partsText,
      title_sort,
      ...columnsOf(draft),
    })
    for (const link of linksOf(parts)) rows.add('agreement_links', { agreement_id: id, ...link, ...known })
    const titles = parts.titles.map(({ title }) => title)
    rows.index(id, searchText({ reference, ...facts }, titles, this.#namesOf(parts)), known)
  }

  #namesOf(parts: AgreementParts): string[] {
    return namesInOrder(
      parts,
      (id) => this.#partyNames.get(id) ?? [],
      (id) => this.#placeNames.get(id) ?? [],
    )
  }
}
