import { confusedWith } from '../agreements/described.ts'
import { evidenceTable } from './evidence.ts'
import { shownClaim, statementsOf } from '../claims/shown-claim.ts'
import type { EvidenceFilter } from './evidence-filter.ts'
import { formatPartialDate } from '../time/partial-date.ts'
import { shownChange } from '../history/page.ts'
import { dayOfClaim } from '../standing/contested.ts'
import { timeline } from '../pictures/timeline/timeline.ts'
import { dayOf, type Moment } from '../time/moment.ts'
import type { Dossier } from './dossier.ts'
import { transitionsFrom } from '../positions/workflow.ts'

const UNFILTERED: EvidenceFilter = { stance: null, grade: null }

interface Look {
  moment: Moment
  today: string
  filter?: EvidenceFilter
}

/** The props of `dossier/show`. */
export function dossierPage(dossier: Dossier, { moment, today, filter = UNFILTERED }: Look) {
  const { agreement, relations, positions } = dossier
  const held = { status: agreement.status, effective_on: agreement.status_since, day: dayOf(moment, today) }
  const claims = dossier.claims.map((claim) => shownClaim(claim, held))
  return {
    title: agreement.title,
    ...dossier,
    claims,
    evidence: evidenceTable(dossier.claims, positions, held, filter),
    changes: dossier.changes.map(shownChange),
    confusedWith: confusedWith(relations),
    otherRelations: relations.filter(({ kind }) => kind !== 'easily_confused_with'),
    transitions: transitionsFrom(agreement.status),
    timeline: timeline({
      positions,
      claims: statementsOf(claims).map(({ claim, copies }) => ({
        ...claim,
        said: dayOfClaim(claim),
        copies: copies.length,
      })),
      until: dayOf(moment, today),
    }),
    value: agreement.value_amount === null ? null : shownAmount(agreement.value_amount, agreement.value_currency),
    until: formatPartialDate(dayOf(moment, today)),
  }
}

/** `USD 500 million`, where the number allows it without rounding. */
function shownAmount(amount: number, currency: string | null): string {
  const [unit, word] = amount >= 1e9 ? [1e9, ' billion'] : amount >= 1e6 ? [1e6, ' million'] : [1, '']
  return `${currency ?? ''} ${new Intl.NumberFormat('en', { maximumFractionDigits: 9 }).format(amount / unit)}${word}`.trim()
}
