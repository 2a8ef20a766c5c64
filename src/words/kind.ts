export const AGREEMENT_KINDS = [
  'treaty',
  'intergovernmental_agreement',
  'protocol',
  'memorandum_of_understanding',
  'concession_or_lease',
  'investment_contract',
  'loan',
  'supply_contract',
] as const
export type AgreementKind = (typeof AGREEMENT_KINDS)[number]

/** `concession_or_lease` as a reader sees it: `Concession or lease`. */
export function kindLabel(kind: AgreementKind): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1).replaceAll('_', ' ')
}
