import type { Generated } from 'kysely'
import type { PartyType } from '../../words/party.ts'

// Parties and places, each with its names.

export interface PartiesTable {
  id: Generated<number>
  slug: string
  type: PartyType
  country: string | null
}

/** `position` 1 is the name shown; `folded` is what equal spellings have in common. */
export interface PartyNamesTable {
  party_id: number
  position: number
  name: string
  lang: string | null
  folded: string
  key: string
}

export interface PlacesTable {
  id: Generated<number>
  slug: string
  kind: string
  country: string | null
  latitude: number | null
  longitude: number | null
}

export interface PlaceNamesTable {
  place_id: number
  position: number
  name: string
  lang: string | null
  folded: string
  key: string
}
