import { plain } from '../names/name.ts'

/** How far a source can be trusted, by its record: the letters of the Admiralty scale (NATO AJP-2.1). */
export const RELIABILITIES = ['A', 'B', 'C', 'D', 'E', 'F'] as const
export type Reliability = (typeof RELIABILITIES)[number]

const WORDS: Record<Reliability, string> = {
  A: 'completely reliable',
  B: 'usually reliable',
  C: 'fairly reliable',
  D: 'not usually reliable',
  E: 'unreliable',
  F: 'cannot be judged',
}

/** `B` with what it stands for: `B, usually reliable`. */
export function reliabilityLabel(letter: Reliability): string {
  return `${letter}, ${WORDS[letter]}`
}

export interface CitedSource {
  title: string | null
  publisher: string | null
  url: string | null
}

/** A source in one line, as the history quotes it: title, publisher, address. */
export function citeSource({ title, publisher, url }: CitedSource): string {
  return [title, publisher, url].filter((part) => part !== null).join(', ')
}

/** What a search for a source looks through. */
export function searchedText({ title, publisher, url }: CitedSource): string {
  return plain([title, publisher, url].filter((part) => part !== null).join(' '))
}

/** What a link to it says: its title, else its publisher, else where its address is. */
export function sourceLabel({ title, publisher, url }: CitedSource): string {
  return title ?? publisher ?? (url ?? '').replace(/^https?:\/\/(?:www\.)?/i, '').split('/')[0] ?? ''
}
