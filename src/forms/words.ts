import { z } from 'zod'
import { parseCountry } from '../names/country.ts'
import { PARTY_TYPES, type PartyType } from '../words/party.ts'
import { isMeansOf, type Means, MEANS_OF, meansLabel, type Status, statusLabel } from '../words/status.ts'
import { addIssue, type Issues } from './issues.ts'

/** What the entries about an agreement check in the same way. */

export function refuseForeignMeans(status: Status, means: Means | null, context: Issues): void {
  if (means !== null && !isMeansOf(status, means)) {
    addIssue(
      context,
      'means',
      `${meansLabel(means)} is not a means of ${statusLabel(status)}: choose ${MEANS_OF[status].join(', ')}`,
    )
  }
}

export function readPartyType(text: string | null, at: PropertyKey[], context: Issues): PartyType {
  const type = PARTY_TYPES.find((candidate) => candidate === text)
  if (type === undefined) addIssue(context, at, `Choose what each party is: ${PARTY_TYPES.join(', ')}`)
  return type ?? z.NEVER
}

export function readCountry(text: string | null, at: PropertyKey[], context: Issues): string | null {
  if (text === null) return null
  const country = parseCountry(text)
  if (country === undefined)
    addIssue(context, at, `“${text.slice(0, 40)}” is not a country code: give one of ISO 3166-1, such as SY or SYR`)
  return country ?? z.NEVER
}
