import { type Filled, texts, titled } from '../forms/typed.ts'
import { MEANS_OF, STATUSES, statusLabel } from '../words/status.ts'
import type { Reader } from '../database/schema.ts'
import { shownChange } from '../history/page.ts'
import type { ListedChange } from '../history/change.ts'
import { LANGUAGES } from '../names/language.ts'
import { sourcesAt } from '../sources/at.ts'
import { RELIABILITIES, reliabilityLabel, sourceLabel } from '../words/source.ts'
import { CREDIBILITIES, credibilityLabel, describeClaim, gradeOf, STANCES } from '../words/claim.ts'
import { CLAIM_LABELS } from './form.ts'
import type { FoundClaim } from './queries.ts'

const MOST_SOURCES = 100

/** The props of `claims/_form`: what was typed, what is wrong in it, and what there is to choose from. */
export async function claimFormProps(db: Reader, { typed, errors }: Filled) {
  const values = Object.fromEntries(Object.keys(typed).map((field) => [field, texts(typed, field)[0] ?? '']))
  const latest = await db.selectFrom('sources').select('id').orderBy('id', 'desc').limit(MOST_SOURCES).execute()
  const chosen = Number(values['source'])
  const ids = [...latest.map(({ id }) => id), ...(Number.isSafeInteger(chosen) ? [chosen] : [])]
  const sources = await sourcesAt(db, ids, null)
  return {
    values,
    errors,
    labels: CLAIM_LABELS,
    stances: STANCES,
    statuses: STATUSES,
    meansOf: STATUSES.map((status) => ({ label: statusLabel(status), means: MEANS_OF[status] })),
    credibilities: CREDIBILITIES.map((value) => ({ value: String(value), label: credibilityLabel(value) })),
    reliabilities: RELIABILITIES.map((value) => ({ value, label: reliabilityLabel(value) })),
    languages: LANGUAGES,
    sources: latest.flatMap(({ id }) => {
      const source = sources.get(id)
      return source ? [{ id, label: sourceLabel(source) }] : []
    }),
    chosenSource: sources.get(chosen) ?? null,
  }
}

/** The props of `claims/show`: a claim, what it bears on, and what can be decided about it. */
export function claimPage(claim: FoundClaim, changes: readonly ListedChange[], filled: Filled) {
  const { source } = claim
  const reliability = source?.reliability ?? null
  const settledCount = claim.agreements.filter(({ settled_at }) => settled_at !== null).length
  return {
    title: titled(describeClaim(claim), filled.errors),
    heading: describeClaim(claim),
    claim,
    source: source === null ? null : { ...source, label: sourceLabel(source) },
    grade: gradeOf({ reliability, credibility: claim.credibility }),
    reliability: reliability === null ? null : reliabilityLabel(reliability),
    credibility:
      CREDIBILITIES.flatMap((value) => (value === claim.credibility ? [credibilityLabel(value)] : []))[0] ?? null,
    countsFrom: claim.counts_from,
    settledCount,
    openCount: claim.agreements.length - settledCount,
    copies: claim.copies.map((copy) => ({ ...copy, label: describeClaim(copy) })),
    original: claim.original === null ? null : { ...claim.original, label: describeClaim(claim.original) },
    changes: changes.map(shownChange),
    seen: texts(filled.typed, 'seen')[0] ?? String(changes[0]?.id ?? 0),
    values: Object.fromEntries(Object.keys(filled.typed).map((field) => [field, texts(filled.typed, field)[0] ?? ''])),
    chosenAgreements: texts(filled.typed, 'agreement'),
    /** Which of the forms came back. */
    asked: texts(filled.typed, 'asked')[0] ?? null,
    errors: filled.errors,
    labels: CLAIM_LABELS,
  }
}

/** What is said after a claim was recorded from a source that was there already. */
export function ofKnownSource(known: number | null): string {
  return known === null
    ? ''
    : ` Its source was recorded already, as source ${known}, and is left as it is: edit it there.`
}
