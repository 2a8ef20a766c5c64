export const PARTY_TYPES = ['state', 'subnational', 'agency', 'bank', 'company'] as const
export type PartyType = (typeof PARTY_TYPES)[number]

const LABELS: Record<PartyType, string> = {
  state: 'State',
  subnational: 'Subnational body',
  agency: 'Agency',
  bank: 'Bank',
  company: 'Company',
}

export function partyTypeLabel(type: PartyType): string {
  return LABELS[type]
}
