import { allCountries } from '../names/country.ts'
import { PARTY_TYPES } from '../words/party.ts'
import { type Filled, texts, titled } from '../forms/typed.ts'
import { CORRECTION_LABELS } from './correct-form.ts'
import { findTransition, transitionsFrom } from './workflow.ts'
import { isStatus, MEANS_OF, type Status, STATUSES, statusLabel } from '../words/status.ts'
import type { Beside, Holds } from './holds.ts'

/** What the button of the form says for each status. */
const BUTTONS: Record<Status, string> = {
  active: 'Record as active',
  under_review: 'Record review',
  annulled: 'Record annulment',
  reassigned: 'Record reassignment',
}

/** What the fields are called: as those of a correction are, but for what a change says of itself. */
const LABELS = {
  ...CORRECTION_LABELS,
  status: 'New status',
  reason: 'Reason',
  claim: 'Evidence',
  asserted_by: 'Who says so',
  new_party_name: 'New party',
  new_party_type: 'New party',
  new_party_country: 'New party',
  taken_over_by: 'Taken over by',
  confirm: 'Day of effect',
  version: 'Form',
}

/** The props of `positions/change`: the form, with what the register holds now beside it. */
export function changePage(holds: Holds & Beside, { typed, errors }: Filled) {
  const { agreement } = holds
  const asked = texts(typed, 'status')[0] ?? ''
  const chosen = isStatus(asked) ? asked : null
  const transition = chosen && findTransition(agreement.status, chosen)
  const choices = [...transitionsFrom(agreement.status), { to: agreement.status, label: 'Change means', needs: [] }]
  return {
    ...holds,
    title: titled(`${transition?.label ?? 'Change status'}: ${agreement.reference}`, errors),
    heading: transition?.label ?? 'Change status',
    button: chosen ? BUTTONS[chosen] : 'Record the change',
    choices: choices.map(({ to, label, needs }) => ({ status: to, label, needs })),
    chosen,
    meansOf: STATUSES.filter((status) => chosen === null || status === chosen).map((status) => ({
      label: statusLabel(status),
      means: MEANS_OF[status],
    })),
    showSuccessor: chosen === null || chosen === 'reassigned',
    needsEvidence: transition ? (transition.needs as readonly string[]).includes('evidence') : false,
    values: Object.fromEntries(Object.keys(typed).map((field) => [field, texts(typed, field)[0] ?? ''])),
    chosenClaims: texts(typed, 'claim'),
    version: texts(typed, 'version')[0] ?? String(agreement.version),
    errors,
    labels: LABELS,
    partyTypes: PARTY_TYPES,
    countries: allCountries(),
  }
}
