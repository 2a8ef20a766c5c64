import { type Filled, texts, titled } from '../forms/typed.ts'
import { describeClaim } from '../words/claim.ts'
import type { Reader } from '../database/schema.ts'
import { shownChange } from '../history/page.ts'
import type { ListedChange } from '../history/change.ts'
import { LANGUAGES } from '../names/language.ts'
import { type SourceFilter, sourceQuery } from './filter.ts'
import { listPublishers, type listSources } from './queries.ts'
import { paging } from '../web/paging.ts'
import type { FoundSource } from './find.ts'
import { RELIABILITIES, reliabilityLabel, sourceLabel } from '../words/source.ts'
import { SOURCE_LABELS, sourceAsTyped } from './form.ts'

/** As many are offered where a publisher is chosen. */
export const MOST_PUBLISHERS = 200

/** The props of `sources/index`: a page of the sources that a filter has. */
export function sourcesPage(
  filter: SourceFilter,
  { total, rows }: Awaited<ReturnType<typeof listSources>>,
  publishers: Awaited<ReturnType<typeof listPublishers>>,
) {
  const reliabilities = RELIABILITIES.map((value) => ({ value: value as string, label: reliabilityLabel(value) }))
  return {
    title: 'Sources',
    rows: rows.map((row) => ({ ...row, label: sourceLabel(row) })),
    publishers,
    total,
    paging: paging({ ...filter, total }, (page) => `/sources${sourceQuery({ ...filter, page })}`),
    filter,
    reliabilities: [...reliabilities, { value: 'none', label: 'not graded' }],
  }
}

/** The props of `sources/new`; `known` is the source that has the typed address already. */
export async function newSourcePage(db: Reader, filled: Filled, known: number | null) {
  return { title: titled('New source', filled.errors), ...(await formProps(db, filled)), known }
}

/** The props of `sources/edit`. */
export async function editSourcePage(
  db: Reader,
  source: FoundSource['source'],
  changes: readonly ListedChange[],
  filled: Filled = { typed: sourceAsTyped(source), errors: {} },
) {
  return {
    title: titled(`Edit source ${source.id}`, filled.errors),
    ...(await formProps(db, filled)),
    source,
    known: null,
    seen: texts(filled.typed, 'seen')[0] ?? String(changes[0]?.id ?? 0),
  }
}

async function formProps(db: Reader, { typed, errors }: Filled) {
  return {
    values: Object.fromEntries(Object.keys(typed).map((field) => [field, texts(typed, field)[0] ?? ''])),
    errors,
    labels: SOURCE_LABELS,
    languages: LANGUAGES,
    reliabilities: RELIABILITIES.map((value) => ({ value, label: reliabilityLabel(value) })),
    publishers: await listPublishers(db, MOST_PUBLISHERS),
  }
}

/** The props of `sources/show`: a source and all that rests on it. */
export function sourcePage({ source, claims, positions, facts }: FoundSource, changes: readonly ListedChange[]) {
  return {
    title: sourceLabel(source),
    source,
    reliability: source.reliability === null ? null : reliabilityLabel(source.reliability),
    claims: claims.map((claim) => ({ ...claim, label: describeClaim(claim) })),
    positions,
    facts,
    changes: changes.map(shownChange),
  }
}
