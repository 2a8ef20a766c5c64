import type { z } from 'zod'
import { holding } from '../forms/entry.ts'
import { optionalAddress, optionalDate, optionalLine, optionalWord } from '../forms/fields.ts'
import { addIssue, type Issues } from '../forms/issues.ts'
import { isLanguage, LANGUAGE_HINT } from '../names/language.ts'
import { RELIABILITIES } from '../words/source.ts'

/** What a source is known by, each value by itself. */
export const newSource = holding({
  title: optionalLine,
  publisher: optionalLine,
  url: optionalAddress,
  published_on: optionalDate,
})

/** All that is entered of a source, each value by itself; its reliability is judged of the source, not of a claim in it. */
export const wholeSource = newSource.extend({
  lang: optionalLine.refine((lang) => lang === null || isLanguage(lang), LANGUAGE_HINT),
  read_on: optionalDate,
  reliability: optionalWord(RELIABILITIES, 'a reliability'),
})

/** What a source may hold. Days after publication are not checked: pages are changed. */
export const sourceEntry = wholeSource.transform((source, context) => {
  refuseUnnamed(source, [], context)
  return source
})

/** What a source is known by. */
export type NewSource = z.output<typeof newSource>

/** All that is entered of a source. */
export type SourceEntry = z.output<typeof sourceEntry>

/** A source has something by which it can be found. */
export function refuseUnnamed(source: NewSource, at: PropertyKey[], context: Issues): void {
  if (!isNamed(source)) addIssue(context, [...at, 'title'], 'Give the source’s title, publisher or address')
}

export function isNamed({ title, publisher, url }: NewSource): boolean {
  return title !== null || publisher !== null || url !== null
}
