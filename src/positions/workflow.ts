import { type Status, statusLabel } from '../words/status.ts'

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
