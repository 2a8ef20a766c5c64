import { addIssue, type Issues } from './issues.ts'
import { parseCountry } from '../names/country.ts'
import { PARTY_TYPES, type PartyType } from '../words/party.ts'
import { isMeansOf, type Means, MEANS_OF, meansLabel, type Status, statusLabel } from '../words/status.ts'

/** What the forms of an agreement check in the same way. */

export function refuseForeignMeans(status: Status, means: Means | null, context: Issues): void {
  if (means !== null && !isMeansOf(status, means)) {
    addIssue(
      context,
      'means',
      `${meansLabel(means)} is not a means of ${statusLabel(status)}: choose ${MEANS_OF[status].join(', ')}`,
    )
  }
}

export function readPartyType(text: string | undefined, field: string, context: Issues): PartyType {
  const type = PARTY_TYPES.find((candidate) => candidate === text)
  if (type === undefined) addIssue(context, field, `Choose what each party is: ${PARTY_TYPES.join(', ')}`)
  return type ?? 'state'
}

export function readCountry(text: string | undefined, field: string, context: Issues): string | null {
  if (text === undefined || text === '') return null
  const country = parseCountry(text)
  if (country === undefined)
    addIssue(context, field, `“${text.slice(0, 40)}” is not a country code: give one of ISO 3166-1, such as SY or SYR`)
  return country ?? null
}
