import type { ColumnType, Generated } from 'kysely'
import type { Means, Status } from '../../words/status.ts'
import type { Stance } from '../../words/claim.ts'
import type { PartialDate } from '../../time/partial-date.ts'
import type { Reliability } from '../../words/source.ts'

// Sources, the claims in them, and the positions that rest on them.

export interface SourcesTable {
  id: Generated<number>
  title: string | null
  publisher: string | null
  url: string | null
  lang: string | null
  published_on: PartialDate | null
  read_on: PartialDate | null
  reliability: Reliability | null
  /** Title, publisher and address, folded, to search in. */
  folded: Generated<string>
  recorded_at: string
}

export interface ClaimsTable {
  id: Generated<number>
  source_id: number
  asserted_by: string
  stance: Stance
  status: Status
  means: Means | null
  effective_on: PartialDate | null
  said_on: PartialDate | null
  credibility: number | null
  note: string | null
  /** The class of agreements it speaks of, in words; null when it names the agreement itself. */
  scope: string | null
  /** `approximate`: the source's own word was squeezed into one of the four statuses. */
  status_fit: 'exact' | 'approximate'
  recorded_at: string
  recorded_by: number
  withdrawn_at: string | null
}

export interface ClaimAgreementsTable {
  claim_id: number
  agreement_id: number
}

/** A claim that an analyst has settled about an agreement: it is kept, and contests the position no longer. */
export interface ClaimSettlementsTable {
  id: Generated<number>
  claim_id: number
  agreement_id: number
  settled_at: string
  settled_by: number
  reason: string
  reopened_at: string | null
}

/** A claim that repeats the statement of another one, as known from one instant up to another. */
export interface ClaimTiesTable {
  claim_id: number
  /** The claim that is the statement's original; it repeats none itself. */
  statement_id: number
  known_from: string
  known_to: string
}

export interface PositionsTable {
  id: Generated<number>
  agreement_id: number
  status: Status
  means: Means | null
  effective_on: PartialDate
  /** The first day that `effective_on` can mean; worked out by the database. */
  effective_day: ColumnType<string, never, never>
  reason: string | null
  decided_by: number
  recorded_at: string
  /** When a correction replaced it; null while it stands. */
  superseded_at: string | null
  /** The entry of the history that recorded it. */
  change_id: number | null
  /** The position that it replaces, where it is a correction. */
  corrects_id: number | null
}

export interface PositionClaimsTable {
  position_id: number
  claim_id: number
}

export interface PositionSourcesTable {
  position_id: number
  source_id: number
}
