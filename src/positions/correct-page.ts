import { texts, titled, type Typed } from '../forms/typed.ts'
import type { Dossier } from '../dossier/dossier.ts'
import { dossierPage } from '../dossier/page.ts'
import { MEANS_OF, STATUSES, statusLabel } from '../words/status.ts'
import type { FieldErrors } from '../errors.ts'
import { NOW } from '../time/moment.ts'
import { CORRECTION_LABELS } from './correct-form.ts'
import type { ListedPosition } from './queries.ts'

/** The props of `positions/correct`: the form filled with what the position says, and the register beside it. */
export function correctionPage(
  dossier: Dossier,
  position: ListedPosition,
  { typed, errors, today }: { typed: Typed | null; errors: FieldErrors; today: string },
) {
  const { agreement } = dossier
  const opened: Typed = {
    status: position.status,
    means: position.means ?? '',
    effective_on: position.effective_on,
    claim: position.evidence.flatMap(({ claim_id }) => (claim_id === null ? [] : [String(claim_id)])),
  }
  const values = typed ?? opened
  return {
    ...dossierPage(dossier, { moment: NOW, today }),
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
