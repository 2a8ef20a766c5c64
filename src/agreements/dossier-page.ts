import { contradicts } from '../evidence/contested.ts'
import type { ListedClaim } from '../evidence/queries.ts'
import { shownChange } from '../history/history-page.ts'
import { timeline } from '../pictures/timeline.ts'
import type { Dossier } from './dossier.ts'
import { transitionsFrom } from './status.ts'

/** The props of `agreements/show`. */
export function dossierPage(dossier: Dossier) {
  const { agreement, relations, claims, positions } = dossier
  return {
    title: agreement.title,
    ...dossier,
    standing: standingPosition(dossier),
    claims: claims.map((claim) => shownClaim(claim, dossier)),
    changes: dossier.changes.map(shownChange),
    confusedWith: relations.filter(
      ({ kind, reference }, index) =>
        kind === 'easily_confused_with' &&
        relations.findIndex((other) => other.kind === kind && other.reference === reference) === index,
    ),
    otherRelations: relations.filter(({ kind }) => kind !== 'easily_confused_with'),
    transitions: transitionsFrom(agreement.status),
    timeline: timeline(positions, claims),
    value: agreement.value_amount === null ? null : shownAmount(agreement.value_amount, agreement.value_currency),
  }
}

/** The position by which the agreement is listed. */
function standingPosition({ agreement, positions }: Dossier) {
  return positions.findLast(
    ({ status, effective_on }) => status === agreement.status && effective_on === agreement.status_since,
  )
}

function shownClaim(claim: ListedClaim, { agreement }: Dossier) {
  return {
    ...claim,
    said: claim.said_on ?? claim.published_on,
    against: contradicts(claim, { status: agreement.status, effective_on: agreement.status_since }),
    grade: `${claim.reliability ?? '–'}${claim.credibility ?? '–'}`,
    sourceLabel: claim.source_title ?? claim.publisher ?? claim.url ?? '',
  }
}

/** `USD 500 million`, where the number allows it without rounding. */
function shownAmount(amount: number, currency: string | null): string {
  const [unit, word] = amount >= 1e9 ? [1e9, ' billion'] : amount >= 1e6 ? [1e6, ' million'] : [1, '']
  return `${currency ?? ''} ${new Intl.NumberFormat('en', { maximumFractionDigits: 9 }).format(amount / unit)}${word}`.trim()
}
