export const CHANGE_KINDS = [
  'agreement_created',
  'agreement_edited',
  'status_changed',
  'position_took_effect',
  'position_corrected',
  'edit_reverted',
  'source_added',
  'source_edited',
  'claim_added',
  'claim_withdrawn',
  'claim_settled',
  'claim_reopened',
  'claim_tied',
  'claim_untied',
  'party_added',
  'party_name_added',
  'place_added',
  'place_name_added',
  'user_added',
  'user_role_changed',
  'user_disabled',
  'user_enabled',
  'user_password_changed',
  'user_password_link_made',
  'user_signed_out',
] as const
export type ChangeKind = (typeof CHANGE_KINDS)[number]

/** What was done to accounts: whoever sees no names sees none of these. */
export const ACCOUNT_CHANGE_KINDS: readonly ChangeKind[] = CHANGE_KINDS.filter((kind) => kind.startsWith('user_'))

export const CHANGE_KIND_LABELS: Record<ChangeKind, string> = {
  agreement_created: 'Agreement entered',
  agreement_edited: 'Agreement edited',
  status_changed: 'Status changed',
  position_took_effect: 'Position took effect',
  position_corrected: 'Position corrected',
  edit_reverted: 'Edit reverted',
  source_added: 'Source added',
  source_edited: 'Source edited',
  claim_added: 'Claim recorded',
  claim_withdrawn: 'Claim withdrawn',
  claim_settled: 'Claim settled',
  claim_reopened: 'Claim reopened',
  claim_tied: 'Claim tied to another',
  claim_untied: 'Claim stands for itself',
  party_added: 'Party added',
  party_name_added: 'Name of a party added',
  place_added: 'Place added',
  place_name_added: 'Name of a place added',
  user_added: 'Account added',
  user_role_changed: 'Role changed',
  user_disabled: 'Account disabled',
  user_enabled: 'Account enabled',
  user_password_changed: 'Password changed',
  user_password_link_made: 'Link for a new password made',
  user_signed_out: 'Signed out everywhere',
}

export function changeKindLabel(kind: ChangeKind): string {
  return CHANGE_KIND_LABELS[kind]
}
