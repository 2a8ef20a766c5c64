/** How one agreement bears on another, read "this one … the other". */
export const RELATION_KINDS = [
  'amends',
  'replaces',
  'may_replace',
  'follows',
  'reassigned_to',
  'displaced_by',
  'contests',
  'easily_confused_with',
] as const
export type RelationKind = (typeof RELATION_KINDS)[number]

const LABELS: Record<RelationKind, { forwards: string; backwards: string }> = {
  amends: { forwards: 'Amends', backwards: 'Amended by' },
  replaces: { forwards: 'Replaces', backwards: 'Replaced by' },
  may_replace: { forwards: 'May replace', backwards: 'May be replaced by' },
  follows: { forwards: 'Follows', backwards: 'Followed by' },
  reassigned_to: { forwards: 'Taken over by', backwards: 'Takes over from' },
  displaced_by: { forwards: 'Displaced by', backwards: 'Displaces' },
  contests: { forwards: 'Contests', backwards: 'Contested by' },
  easily_confused_with: { forwards: 'Easily confused with', backwards: 'Easily confused with' },
}

/** What stands before the other agreement on a dossier; `backwards` when the relation was recorded on the other. */
export function relationLabel(kind: RelationKind, backwards = false): string {
  return LABELS[kind][backwards ? 'backwards' : 'forwards']
}
