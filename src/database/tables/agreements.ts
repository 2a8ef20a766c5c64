import type { Generated } from 'kysely'
import type { AgreementKind } from '../../words/kind.ts'
import type { RelationKind } from '../../words/relation.ts'
import type { Means, Status } from '../../words/status.ts'
import type { PartialDate } from '../../time/partial-date.ts'
import type { PlaceRole } from '../../words/place.ts'

// Agreements as they are, their versions, and what belongs to each.

/** What an agreement is, as edited by hand; shared by the present row and its versions. */
export interface AgreementColumns {
  title: string
  title_is_descriptive: number
  kind: AgreementKind
  sector: string | null
  signed_on: PartialDate | null
  in_force_on: PartialDate | null
  expires_on: PartialDate | null
  term: string | null
  value_amount: number | null
  value_currency: string | null
  value_note: string | null
  summary: string | null
  lead: string | null
  status: Status
  means: Means | null
  status_since: PartialDate
  next_review_on: PartialDate | null
  version: number
  /** The names shown on lists and exports, joined by `; `, kept beside the row so that a list reads one table. */
  party_names: string
  countries: string
  place_names: string
  original_title: string | null
  original_title_lang: string | null
  updated_at: string
}

export interface AgreementsTable extends AgreementColumns {
  id: Generated<number>
  reference: string
  /** The reference as it sorts: `referenceSort` of it. */
  reference_sort: string
  /** The title as it sorts: folded, so that case and accents do not matter on any engine. */
  title_sort: string
  contested: number
  created_at: string
}

export interface AgreementVersionsTable extends AgreementColumns {
  agreement_id: number
  title_sort: string
  recorded_from: string
  recorded_to: string | null
  /** JSON of titles, parties, places, relations and notes as they stood in this version. */
  parts: string
}

export interface AgreementTitlesTable {
  agreement_id: number
  position: number
  lang: string
  title: string
  note: string | null
}

export interface AgreementPartiesTable {
  agreement_id: number
  position: number
  party_id: number
  role: string | null
}

export interface AgreementPlacesTable {
  agreement_id: number
  position: number
  place_id: number
  role: PlaceRole
}

export interface AgreementRelationsTable {
  agreement_id: number
  kind: RelationKind
  other_id: number
}

/** Another source's value for a field, or a fact that no field holds. */
export interface AgreementNotesTable {
  agreement_id: number
  position: number
  field: string | null
  value: string
  url: string | null
  note: string | null
}

export interface AgreementSourcesTable {
  agreement_id: number
  source_id: number
}

/** The columns that a person fills in; the others follow from them or from the agreement's positions. */
export const FACT_COLUMNS = [
  'title',
  'title_is_descriptive',
  'kind',
  'sector',
  'signed_on',
  'in_force_on',
  'expires_on',
  'term',
  'value_amount',
  'value_currency',
  'value_note',
  'summary',
  'lead',
  'next_review_on',
] as const satisfies (keyof AgreementColumns)[]
export type AgreementFacts = Pick<AgreementColumns, (typeof FACT_COLUMNS)[number]>

/** The columns of the present row that every version repeats. */
export const VERSIONED_COLUMNS = [
  ...FACT_COLUMNS,
  'title_sort',
  'status',
  'means',
  'status_since',
  'version',
  'party_names',
  'countries',
  'place_names',
  'original_title',
  'original_title_lang',
  'updated_at',
] as const satisfies (keyof AgreementVersionsTable)[]

export interface AgreementTitle {
  lang: string
  title: string
  note: string | null
}

/** A party as it takes part in one agreement; the name is the first one of the directory. */
export interface AgreementParty {
  party_id: number
  name: string
  country: string | null
  role: string | null
}

export interface AgreementPlace {
  place_id: number
  name: string
  role: PlaceRole
}

export interface AgreementRelation {
  kind: RelationKind
  other_id: number
  reference: string
}

export interface AgreementNote {
  field: string | null
  value: string
  url: string | null
  note: string | null
}

/** What belongs to an agreement but may occur more than once; kept whole with every version. */
export interface AgreementParts {
  titles: AgreementTitle[]
  parties: AgreementParty[]
  places: AgreementPlace[]
  relations: AgreementRelation[]
  notes: AgreementNote[]
}
