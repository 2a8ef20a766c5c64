import { z } from 'zod'
import { readEntry } from '../forms/entry.ts'
import { seen } from '../forms/fields.ts'
import { newSource, type NewSource, type SourceEntry, sourceEntry, wholeSource } from './entry.ts'

/** The fields by which a form names a source that is to be recorded. */
export const newSourceFields = {
  source_title: newSource.shape.title,
  source_publisher: newSource.shape.publisher,
  source_url: newSource.shape.url,
  source_published_on: newSource.shape.published_on,
}

/** All that a form can say of a source. */
export const sourceFields = {
  ...newSourceFields,
  source_lang: wholeSource.shape.lang,
  source_read_on: wholeSource.shape.read_on,
  source_reliability: wholeSource.shape.reliability,
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

type NewSourceForm = z.output<z.ZodObject<typeof newSourceFields>>
type SourceForm = z.output<z.ZodObject<typeof sourceFields>>

/** The new source that came with a form; null where nothing was said of one. */
export function sentSource(form: NewSourceForm): NewSource | null {
  const source = namedSource(form)
  return Object.values(source).every((said) => said === null) ? null : source
}

/** All that a form says of a source. */
export function saidOfSource(form: SourceForm): SourceEntry {
  const { source_lang: lang, source_read_on: read_on, source_reliability: reliability } = form
  return { ...namedSource(form), lang, read_on, reliability }
}

function namedSource(form: NewSourceForm): NewSource {
  const { source_title, source_publisher, source_url, source_published_on } = form
  return { title: source_title, publisher: source_publisher, url: source_url, published_on: source_published_on }
}

/** The form's names for the values of a source, which stands at `at` in what is entered. */
export function sourceFieldNames(at = ''): Record<string, string> {
  return Object.fromEntries(Object.keys(wholeSource.shape).map((name) => [`${at}${name}`, `source_${name}`]))
}

/** The form that records a source. */
export const sourceForm = z
  .strictObject(sourceFields)
  .transform((form, context) => readEntry(sourceEntry, saidOfSource(form), sourceFieldNames(), context))

/** The form that corrects what is recorded of a source. */
export const sourceEditForm = z.strictObject({ ...sourceFields, seen }).transform((form, context) => ({
  source: readEntry(sourceEntry, saidOfSource(form), sourceFieldNames(), context),
  seen: form.seen,
}))

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
