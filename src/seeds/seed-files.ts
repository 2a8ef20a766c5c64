import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AgreementKind } from '../words/kind.ts'
import type { AgreementEntry } from '../agreements/entry.ts'
import type { RelationKind } from '../words/relation.ts'
import type { Means, Status } from '../words/status.ts'
import type { Stance } from '../words/claim.ts'
import type { PartialDate } from '../time/partial-date.ts'
import type { NewName } from '../directories/party-commands.ts'
import type { PartyType } from '../words/party.ts'
import type { NewPlace } from '../directories/place-commands.ts'
import type { PlaceRole } from '../words/place.ts'
import type { NewSource } from '../sources/entry.ts'

const FOLDER = join(import.meta.dirname, '../../seeds')

export interface SeedParty {
  name: string
  type: PartyType
  country: string
  names: NewName[]
}

export interface SeedAgreement {
  key: string
  title: string
  title_is_descriptive: boolean
  titles: { lang: string; title: string; note: string | null }[]
  kind: AgreementKind
  sector: string
  parties: { name: string; country: string; role: string }[]
  places: { place: string; role: PlaceRole }[]
  signed_on: PartialDate | null
  in_force_on: PartialDate | null
  term: string | null
  value_amount: number | null
  value_currency: string | null
  value_note: string | null
  summary: string
  /** Addresses of the pages that its facts were read from. */
  sources: string[]
  notes: AgreementEntry['notes']
  relations: { kind: RelationKind; agreement: string }[]
  /** `source` is the page that a position rests on where no claim says so much. */
  positions: { status: Status; means: Means; effective_on: PartialDate; source?: string }[]
}

export interface SeedClaim {
  agreements: string[]
  scope: string | null
  stance: Stance
  status: Status
  effective_on: PartialDate | null
  asserted_by: string
  status_fit: 'exact' | 'approximate'
  note: string | null
  source: string
}

export type Seeds = Awaited<ReturnType<typeof readSeeds>>

/** What is in `seeds/`; entries of one file name those of another by key, name or address. */
export async function readSeeds() {
  const [parties, places, sources, agreements, claims] = await Promise.all([
    read<SeedParty>('parties'),
    read<NewPlace & { key: string }>('places'),
    read<NewSource & { url: string }>('sources'),
    read<SeedAgreement>('agreements'),
    read<SeedClaim>('claims'),
  ])
  return { parties, places, sources, agreements, claims }
}

async function read<Row>(name: string): Promise<Row[]> {
  return JSON.parse(await readFile(join(FOLDER, `${name}.json`), 'utf8')) as Row[]
}
