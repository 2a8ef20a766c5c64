import { type Filled, texts, titled, type Typed } from '../forms/typed.ts'
import { MEANS_OF, STATUSES, statusLabel } from '../words/status.ts'
import { CORRECTION_LABELS } from './correct-form.ts'
import type { Holds } from './holds.ts'
import type { ListedPosition } from './queries.ts'

/** The props of `positions/correct`: the form filled with what the position says, and the register beside it. */
export function correctionPage(
  holds: Holds & { positions: readonly ListedPosition[] },
  position: ListedPosition,
  { typed, errors }: Filled = { typed: asTyped(position), errors: {} },
) {
  const { agreement } = holds
  return {
    ...holds,
    title: titled(`Correct a position: ${agreement.reference}`, errors),
    position,
    values: Object.fromEntries(Object.keys(typed).map((field) => [field, texts(typed, field)[0] ?? ''])),
    chosenClaims: texts(typed, 'claim'),
    version: texts(typed, 'version')[0] ?? String(agreement.version),
    errors,
    labels: CORRECTION_LABELS,
    statuses: STATUSES,
    meansOf: STATUSES.map((status) => ({ label: statusLabel(status), means: MEANS_OF[status] })),
  }
}

/** A position as if it had been typed. */
function asTyped({ status, means, effective_on, evidence }: ListedPosition): Typed {
  const claim = evidence.flatMap(({ claim_id }) => (claim_id === null ? [] : [String(claim_id)]))
  return { status, means: means ?? '', effective_on, claim }
}
