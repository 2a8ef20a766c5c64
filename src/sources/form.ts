import { z } from 'zod'
import { isLanguage, LANGUAGE_HINT } from '../names/language.ts'
import { optionalAddress, optionalDate, optionalLine, optionalWord, seen } from '../forms/fields.ts'
import { addIssue, type Issues } from '../forms/issues.ts'
import type { SourceEntry } from './commands.ts'
import { RELIABILITIES } from '../words/source.ts'

/** The fields by which a form names a source that is to be recorded. */
export const newSourceFields = {
  source_title: optionalLine,
  source_publisher: optionalLine,
  source_url: optionalAddress,
  source_published_on: optionalDate,
}

/** All that a form can say of a source. */
export const sourceFields = {
  ...newSourceFields,
  source_lang: optionalLine.refine((lang) => lang === null || isLanguage(lang), LANGUAGE_HINT),
  source_read_on: optionalDate,
  source_reliability: optionalWord(RELIABILITIES, 'a reliability'),
}

export const SOURCE_LABELS = {
  source: 'Source',
  source_title: 'Title of the source',
  source_publisher: 'Publisher',
  source_url: 'Address',
  source_published_on: 'Published',
  source_lang: 'Language',
  source_read_on: 'Read',
  source_reliability: 'Reliability',
}

type SourceForm = z.infer<z.ZodObject<typeof sourceFields>>

/** What the fields say; null when they name no source. Days after publication are not checked: pages are changed. */
export function readSource(form: SourceForm): SourceEntry | null {
  const { source_title: title, source_publisher: publisher, source_url: url } = form
  if (title === null && publisher === null && url === null) return null
  return {
    title,
    publisher,
    url,
    published_on: form.source_published_on,
    lang: form.source_lang,
    read_on: form.source_read_on,
    reliability: form.source_reliability,
  }
}

/** The source of a form that must have one. */
function requireSource(form: SourceForm, context: Issues): SourceEntry {
  const source = readSource(form)
  if (!source) addIssue(context, 'source_title', 'Give the source’s title, publisher or address')
  return source ?? ({} as SourceEntry)
}

/** The form that records a source. */
export const sourceForm = z.strictObject(sourceFields).transform(requireSource)

/** The form that corrects what is recorded of a source. */
export const sourceEditForm = z
  .strictObject({ ...sourceFields, seen })
  .transform((form, context) => ({ source: requireSource(form, context), seen: form.seen }))

/** A source as if it had been typed. */
export function sourceAsTyped(source: SourceEntry): Record<string, string> {
  const { title, publisher, url, published_on, lang, read_on, reliability } = source
  return {
    source_title: title ?? '',
    source_publisher: publisher ?? '',
    source_url: url ?? '',
    source_published_on: published_on ?? '',
    source_lang: lang ?? '',
    source_read_on: read_on ?? '',
    source_reliability: reliability ?? '',
  }
}
