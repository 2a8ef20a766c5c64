import type { Filled } from '../forms/typed.ts'
import { LANGUAGES } from '../names/language.ts'
import { listedRow } from '../standing/mention.ts'
import { isPast, type Moment } from '../time/moment.ts'
import { paging } from '../web/paging.ts'
import type { Directory, DirectoryEntry, ListedEntry } from './directory.ts'
import { type DirectoryFilter, directoryQuery } from './filter.ts'

/** The props of `directories/index`: a page of a directory. */
export function listPage(
  directory: Directory,
  { total, rows }: { total: number; rows: ListedEntry[] },
  filter: DirectoryFilter,
) {
  const { path, title } = directory
  const pages = paging({ ...filter, total }, (page) => `/${path}${directoryQuery({ ...filter, page })}`)
  return { title, directory, filter, rows, paging: pages }
}

/** The props of `directories/show`: an entry with its names and its agreements, and the form that adds a name. */
export function entryPage(
  directory: Directory,
  entry: DirectoryEntry,
  agreements: readonly Parameters<typeof listedRow>[0][],
  { moment, most, filled }: { moment: Moment; most: number; filled: Filled },
) {
  return {
    title: entry.names[0]?.name ?? entry.slug,
    directory,
    entry,
    moment,
    isPast: isPast(moment),
    agreements: agreements.map(listedRow),
    /** Where all of them are, when these may not be all. */
    all: agreements.length === most ? `/agreements?${directory.link}=${entry.slug}&sort=signed_on` : null,
    values: filled.typed,
    errors: filled.errors,
    languages: LANGUAGES,
  }
}
