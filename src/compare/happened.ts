import type { Status } from '../words/status.ts'

/** What happened to an agreement between two days, in the order in which a comparison tells it. */
export const HAPPENED = [
  'entered',
  'opened_for_review',
  'confirmed',
  'annulled',
  'reassigned',
  'reinstated',
  'other_means',
] as const
export type Happened = (typeof HAPPENED)[number]

const LABELS: Record<Happened, string> = {
  entered: 'Came into the register',
  opened_for_review: 'Opened for review',
  confirmed: 'Confirmed',
  annulled: 'Annulled',
  reassigned: 'Reassigned',
  reinstated: 'Reinstated',
  other_means: 'Stand by other means',
}

/** `opened_for_review` as a reader sees it: `Opened for review`. */
export function happenedLabel(happened: Happened): string {
  return LABELS[happened]
}

/** What happened between the status in which an agreement stood before (null: it did not stand) and that after. */
export function whatHappened(before: Status | null, after: Status): Happened {
  if (before === null) return 'entered'
  if (before === after) return 'other_means'
  switch (after) {
    case 'under_review':
      return 'opened_for_review'
    case 'annulled':
      return 'annulled'
    case 'reassigned':
      return 'reassigned'
    case 'active':
      return before === 'under_review' ? 'confirmed' : 'reinstated'
    default:
      return after satisfies never
  }
}
