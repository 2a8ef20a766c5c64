/** A place is what an agreement is about, or where it was signed. */
export const PLACE_ROLES = ['concerns', 'signed_at'] as const
export type PlaceRole = (typeof PLACE_ROLES)[number]

/** Offered in the form; another word is accepted too. */
export const PLACE_KINDS = [
  'port',
  'naval base',
  'air base',
  'mine',
  'plant',
  'oil and gas block',
  'region',
  'city',
  'other',
] as const

/** `naval base` as a reader sees it: `Naval base`. */
export function placeKindLabel(kind: string): string {
  return kind.charAt(0).toUpperCase() + kind.slice(1)
}
