import { z } from 'zod'
import { line, optionalLine } from '../forms/fields.ts'
import { isLanguage, LANGUAGE_HINT } from '../names/language.ts'

/** Adds a name to a party or a place. */
export const nameForm = z.strictObject({
  name: line('Give the name').refine((name) => /[\p{L}\p{N}]/u.test(name), 'A name has at least one letter or digit'),
  lang: optionalLine.refine((lang) => lang === null || isLanguage(lang), LANGUAGE_HINT),
})
