import type { Reader } from '../database/schema.ts'
import type { AgreementParts } from '../database/tables/agreements.ts'
import type { SearchText } from '../database/engines/search.ts'
import { LAST_INSTANT } from '../time/moment.ts'
import { type Link, linksOf } from './links.ts'
import { digestOf, Folding, readNames, searchText } from './search-text.ts'
import type { Known } from './standing.ts'

/** What agreements were found by over time: what belonged to them, and their words. */
export interface Found {
  links: ({ agreement_id: number } & Link & Known)[]
  texts: ({ agreement_id: number; digest: string; text: SearchText } & Known)[]
}

/** Works out what the agreements in a range are found by: it follows from their versions, and each holds for as long as it is the same. */
export async function readFound(db: Reader, from: number, to: number): Promise<Found> {
  const versions = await db
    .selectFrom('agreement_versions')
    .innerJoin('agreements', 'agreements.id', 'agreement_versions.agreement_id')
    .select([
      'agreement_id',
      'reference',
      'agreement_versions.title',
      'agreement_versions.sector',
      'agreement_versions.summary',
      'parts',
      'recorded_from',
      'recorded_to',
    ])
    .where('agreement_id', '>=', from)
    .where('agreement_id', '<=', to)
    .orderBy('agreement_id')
    .orderBy('agreement_versions.version')
    .execute()
  const read = versions.map(({ parts, ...version }) => ({ ...version, parts: JSON.parse(parts) as AgreementParts }))
  const namesOf = await readNames(
    db,
    read.map(({ parts }) => parts),
  )
  const folding = new Folding()
  const links = new Spans<{ agreement_id: number } & Link>()
  const texts = new Spans<{ agreement_id: number; digest: string; text: SearchText }>()
  for (const { agreement_id, parts, recorded_from, recorded_to, ...version } of read) {
    const known = { known_from: recorded_from, known_to: recorded_to ?? LAST_INSTANT }
    for (const link of linksOf(parts))
      links.add(`${agreement_id} ${link.link} ${link.other_id}`, { agreement_id, ...link }, known)
    const titles = parts.titles.map(({ title }) => title)
    const text = searchText(version, titles, namesOf(parts), folding)
    const digest = digestOf(text)
    texts.add(`${agreement_id} ${digest}`, { agreement_id, digest, text }, known)
  }
  return { links: links.all(), texts: texts.all() }
}

/** Spans that follow each other are one, for as long as their key is the same. */
class Spans<Row> {
  readonly #spans = new Map<string, (Row & Known)[]>()

  add(key: string, row: Row, known: Known): void {
    const spans = this.#spans.get(key) ?? []
    const last = spans.at(-1)
    if (last?.known_to === known.known_from) last.known_to = known.known_to
    else if (known.known_from < known.known_to) spans.push({ ...row, ...known })
    this.#spans.set(key, spans)
  }

  all(): (Row & Known)[] {
    return [...this.#spans.values()].flat()
  }
}
