import type { Means, Status } from '../../words/status.ts'
import type { Stance } from '../../words/claim.ts'
import type { PartialDate } from '../../time/partial-date.ts'

export interface TimelineInput {
  /** In the order in which they took effect. */
  positions: { status: Status; means: Means | null; effective_on: PartialDate; recorded_at: string }[]
  /** One for each statement; `copies` others repeat it. `said` is the day it counts from, null when unknown. */
  claims: {
    asserted_by: string
    stance: Stance
    status: Status
    said: PartialDate | null
    against: boolean
    copies: number
    recorded_at: string
  }[]
  /** The last day drawn, YYYY-MM-DD: today, or the day looked at. */
  until: string
}
