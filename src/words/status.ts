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

export function isStatus(text: string): text is Status {
  return (STATUSES as readonly string[]).includes(text)
}

export function isMeansOf(status: Status, text: string): text is Means {
  return (MEANS_OF[status] as readonly string[]).includes(text)
}

export const STATUS_LABELS: Record<Status, string> = {
  active: 'Active',
  under_review: 'Under review',
  annulled: 'Annulled',
  reassigned: 'Reassigned',
}

/** `under_review` as a reader sees it: `Under review`. */
export function statusLabel(status: Status): string {
  return STATUS_LABELS[status]
}

export const MEANS_LABELS = {
  ...(Object.fromEntries(MEANS.map((means) => [means, means.replaceAll('_', ' ')])) as Record<Means, string>),
  re_awarded: 're-awarded',
}

/** `re_awarded` as a reader sees it: `re-awarded`. */
export function meansLabel(means: Means): string {
  return MEANS_LABELS[means]
}
