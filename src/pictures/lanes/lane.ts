import type { Status } from '../../words/status.ts'
import type { PartialDate } from '../../time/partial-date.ts'

/** An agreement as a lane: its positions in the order in which they took effect. */
export interface Lane {
  reference: string
  title: string
  href: string
  contested: boolean
  positions: { status: Status; effective_on: PartialDate }[]
}
