/** A form that enters an agreement, ready to send; what a test is about goes on top. */
export function agreementForm(more: Record<string, string | string[]> = {}): Record<string, string | string[]> {
  return {
    title: 'Agreement on the port of Ruritania',
    kind: 'treaty',
    sector: 'ports',
    signed_on: '2019-01',
    party_name: ['Kingdom of Ruritania', 'Syrian Arab Republic'],
    party_type: ['state', 'state'],
    party_country: ['RO', 'SY'],
    party_role: ['lessee', 'lessor'],
    ...more,
  }
}

/** A form that changes a status, ready to send. */
export function statusForm(more: Record<string, string | string[]> = {}): Record<string, string | string[]> {
  return {
    status: 'under_review',
    means: 'joint_review',
    effective_on: '2026-11-01',
    reason: 'Agreed by both sides.',
    version: '1',
    ...more,
  }
}

/** The fields that the summary of errors leads to, and that are not there. */
export function leadingNowhere(text: string): string[] {
  const summary = /<div class="error-summary"[\s\S]*?<\/div>/.exec(text)?.[0] ?? ''
  const targets = [...summary.matchAll(/ href="#([^"]+)"/g)].map(([, id = '']) => id)
  return targets.filter((id) => !text.includes(` id="${id}"`))
}
