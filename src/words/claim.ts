import { type Status, statusLabel } from './status.ts'

/** What a speaker does with a statement about an agreement's status. */
export const STANCES = ['asserts', 'denies', 'declines'] as const
export type Stance = (typeof STANCES)[number]

export const STANCE_VERBS: Record<Stance, string> = {
  asserts: 'says',
  denies: 'denies',
  declines: 'declines to confirm',
}

/** `asserts` in a sentence: `says`. */
export function stanceVerb(stance: Stance): string {
  return STANCE_VERBS[stance]
}

/** `Dmitry Trifonov denies Annulled`. */
export function describeClaim({
  asserted_by,
  stance,
  status,
}: {
  asserted_by: string
  stance: Stance
  status: Status
}): string {
  return `${asserted_by} ${stanceVerb(stance)} ${statusLabel(status)}`
}

/** How likely a statement is, by itself: the figures of the Admiralty scale (NATO AJP-2.1). */
export const CREDIBILITIES = [1, 2, 3, 4, 5, 6] as const
export type Credibility = (typeof CREDIBILITIES)[number]

const WORDS: Record<Credibility, string> = {
  1: 'confirmed by other sources',
  2: 'probably true',
  3: 'possibly true',
  4: 'doubtful',
  5: 'improbable',
  6: 'cannot be judged',
}

/** `2` with what it stands for: `2, probably true`. */
export function credibilityLabel(credibility: Credibility): string {
  return `${credibility}, ${WORDS[credibility]}`
}

/** `B2`; a dash stands for what is not graded. */
export function gradeOf({
  reliability,
  credibility,
}: {
  reliability: string | null
  credibility: number | null
}): string {
  return `${reliability ?? '–'}${credibility ?? '–'}`
}
