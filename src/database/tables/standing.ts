import type { Generated } from 'kysely'
import type { AgreementKind } from '../../words/kind.ts'
import type { Means, Status } from '../../words/status.ts'
import type { PartialDate } from '../../time/partial-date.ts'

// What follows from positions, claims and versions for every moment; made anew from them by `src/standing/rebuild.ts`.

/**
 * Where an agreement stood over a span of days, by what was known over a span of instants; worked out from positions and
 * claims (`src/standing/`). Spans begin with their first day or instant and end before their last.
 */
export interface StandingsTable {
  id: Generated<number>
  agreement_id: number
  position_id: number
  status: Status
  means: Means | null
  status_since: PartialDate
  contested: 0 | 1
  announced: 0 | 1
  kind: AgreementKind
  sector: string | null
  day_from: string
  day_to: string
  known_from: string
  known_to: string
}

/** Which parties, places and agreements belonged to an agreement, and when that was known. */
export interface AgreementLinksTable {
  agreement_id: number
  link: 'party' | 'place' | 'relation'
  other_id: number
  known_from: string
  known_to: string
}

/** The words that an agreement was found by over a span of instants; `id` is their row in the search index. */
export interface AgreementTextsTable {
  id: Generated<number>
  agreement_id: number
  /** SHA-256 of the words, to tell whether they changed. */
  digest: string
  known_from: string
  known_to: string
}
