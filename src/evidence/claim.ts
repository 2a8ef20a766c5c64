/** What a speaker does with a statement about an agreement's status. */
export const STANCES = ['asserts', 'denies', 'declines'] as const
export type Stance = (typeof STANCES)[number]

const VERBS: Record<Stance, string> = { asserts: 'says', denies: 'denies', declines: 'declines to confirm' }

/** `asserts` in a sentence: `says`. */
export function stanceVerb(stance: Stance): string {
  return VERBS[stance]
}
