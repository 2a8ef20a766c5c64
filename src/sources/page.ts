import { texts, titled, type Typed } from '../forms/typed.ts'
import { describeClaim } from '../words/claim.ts'
import type { Reader } from '../database/schema.ts'
import type { FieldErrors } from '../errors.ts'
import { shownChange } from '../history/page.ts'
import type { ListedChange } from '../history/change.ts'
import { LANGUAGES } from '../names/language.ts'
import { listPublishers } from './queries.ts'
import type { FoundSource } from './find.ts'
import { RELIABILITIES, reliabilityLabel, sourceLabel } from '../words/source.ts'
import { SOURCE_LABELS } from './form.ts'

const MOST_PUBLISHERS = 200

interface Entry {
  typed: Typed
  errors: FieldErrors
}

/** The props of `sources/new`; `known` is the source that has the typed address already. */
export async function newSourcePage(db: Reader, entry: Entry, known: number | null) {
  return { title: titled('New source', entry.errors), ...(await formProps(db, entry)), known }
}

/** The props of `sources/edit`. */
export async function editSourcePage(
  db: Reader,
  source: FoundSource['source'],
  changes: readonly ListedChange[],
  entry: Entry,
) {
  return {
    title: titled(`Edit source ${source.id}`, entry.errors),
    ...(await formProps(db, entry)),
    source,
    known: null,
    seen: texts(entry.typed, 'seen')[0] ?? String(changes[0]?.id ?? 0),
  }
}

async function formProps(db: Reader, { typed, errors }: Entry) {
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
