/** Where an agreement stands. There are four, on every list and export. */
export const STATUSES = ['active', 'under_review', 'annulled', 'reassigned'] as const
export type Status = (typeof STATUSES)[number]

/**
 * How it came to a status, in the words of treaty and contract law
 * (Vienna Convention on the Law of Treaties, parts II and V, for those of treaties).
 */
export const MEANS_OF = {
  active: ['in_force', 'signed_not_in_force', 'provisionally_applied', 'confirmed', 'amended', 'reinstated'],
  under_review: ['joint_review', 'unilateral_review', 'renegotiation', 'suspended'],
  annulled: ['terminated', 'denounced', 'rescinded', 'invalidated', 'expired', 'lapsed', 'superseded', 'abandoned'],
  reassigned: ['assigned', 'novated', 're_awarded', 'succeeded', 'nationalised'],
} as const satisfies Record<Status, readonly string[]>
export type Means = (typeof MEANS_OF)[Status][number]
export const MEANS: readonly Means[] = STATUSES.flatMap((status): readonly Means[] => MEANS_OF[status])

/** What a move needs beside the day of effect and the reason, which every move needs. */
type Need = 'evidence' | 'successor'

/** One move of the workflow. */
export interface Transition {
  from: Status
  to: Status
  /** What the button says. */
  label: string
  needs: readonly Need[]
}

/** The workflow, read by the command that enforces it, the form that offers it, the tests and the docs. */
export const TRANSITIONS: readonly Transition[] = [
  { from: 'active', to: 'under_review', label: 'Open review', needs: [] },
  { from: 'active', to: 'annulled', label: 'Annul', needs: ['evidence'] },
  { from: 'active', to: 'reassigned', label: 'Reassign', needs: ['evidence', 'successor'] },
  { from: 'under_review', to: 'active', label: 'Confirm', needs: [] },
  { from: 'under_review', to: 'annulled', label: 'Annul', needs: ['evidence'] },
  { from: 'under_review', to: 'reassigned', label: 'Reassign', needs: ['evidence', 'successor'] },
  { from: 'annulled', to: 'under_review', label: 'Reopen', needs: [] },
  { from: 'annulled', to: 'reassigned', label: 'Reassign', needs: ['evidence', 'successor'] },
  { from: 'annulled', to: 'active', label: 'Reinstate', needs: ['evidence'] },
  { from: 'reassigned', to: 'under_review', label: 'Reopen', needs: [] },
  { from: 'reassigned', to: 'annulled', label: 'Annul', needs: ['evidence'] },
]

/** The moves that are allowed from a status, in the order of the table. */
export function transitionsFrom(status: Status): Transition[] {
  return TRANSITIONS.filter((transition) => transition.from === status)
}

/**
 * The move from one status to another, or undefined where the workflow has none. Staying in a status with other
 * means (signed, then in force) is a move too, and needs nothing special.
 */
export function findTransition(from: Status, to: Status): Transition | undefined {
  if (from === to) return { from, to, label: 'Change means', needs: [] }
  return TRANSITIONS.find((transition) => transition.from === from && transition.to === to)
}

/** A sentence that says what is allowed from a status. */
export function describeTransitionsFrom(status: Status): string {
  const moves = transitionsFrom(status).map((transition) => `${statusLabel(transition.to)} (${transition.label})`)
  return `From ${statusLabel(status)} it can become ${moves.join(', ')}, or stay ${statusLabel(status)} by other means.`
}

export function isStatus(text: string): text is Status {
  return (STATUSES as readonly string[]).includes(text)
}

export function isMeansOf(status: Status, text: string): text is Means {
  return (MEANS_OF[status] as readonly string[]).includes(text)
}

const STATUS_LABELS: Record<Status, string> = {
  active: 'Active',
  under_review: 'Under review',
  annulled: 'Annulled',
  reassigned: 'Reassigned',
}

/** `under_review` as a reader sees it: `Under review`. */
export function statusLabel(status: Status): string {
  return STATUS_LABELS[status]
}

/** `re_awarded` as a reader sees it: `re-awarded`. */
export function meansLabel(means: Means): string {
  return means === 're_awarded' ? 're-awarded' : means.replaceAll('_', ' ')
}
