import type { Generated } from 'kysely'
import type { AgreementKind } from '../../agreements/agreement.ts'
import type { RelationKind } from '../../agreements/relation.ts'
import type { Means, Status } from '../../agreements/status.ts'
import type { PartialDate } from '../../dates/partial-date.ts'
import type { PlaceRole } from '../../places/place.ts'

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
