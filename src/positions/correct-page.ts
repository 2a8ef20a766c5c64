import { texts, titled, type Typed } from '../forms/typed.ts'
import { MEANS_OF, STATUSES, statusLabel } from '../words/status.ts'
import type { FieldErrors } from '../errors.ts'
import { CORRECTION_LABELS } from './correct-form.ts'
import type { Holds } from './holds.ts'
import type { ListedPosition } from './queries.ts'

/** The props of `positions/correct`: the form filled with what the position says, and the register beside it. */
export function correctionPage(
  holds: Holds,
  position: ListedPosition,
  { typed, errors }: { typed: Typed | null; errors: FieldErrors },
) {
  const { agreement } = holds
  const opened: Typed = {
    status: position.status,
    means: position.means ?? '',
    effective_on: position.effective_on,
    claim: position.evidence.flatMap(({ claim_id }) => (claim_id === null ? [] : [String(claim_id)])),
  }
  const values = typed ?? opened
  return {
    ...holds,
    title: titled(`Correct a position: ${agreement.reference}`, errors),
    position,
    values: Object.fromEntries(Object.keys(values).map((field) => [field, texts(values, field)[0] ?? ''])),
    chosenClaims: texts(values, 'claim'),
    version: texts(values, 'version')[0] ?? String(agreement.version),
    errors,
    labels: CORRECTION_LABELS,
    statuses: STATUSES,
    meansOf: STATUSES.map((status) => ({ label: statusLabel(status), means: MEANS_OF[status] })),
  }
}
