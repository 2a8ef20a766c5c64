import type { User } from '../accounts/user.ts'
import type { Reader } from '../database/schema.ts'
import type { UnitContext } from '../database/unit.ts'
import type { Moment } from '../time/moment.ts'
import type { DirectoryFilter } from './filter.ts'
import type { NewName } from './party-commands.ts'

/** An entry as the list shows it. */
export interface ListedEntry {
  slug: string
  name: string
  /** What it is, in words: `Company`, `Naval base`. */
  isA: string
  country: string | null
  agreements: number
}

/** An entry by itself, with all its names. */
export interface DirectoryEntry {
  id: number
  slug: string
  isA: string
  country: string | null
  /** Where it lies, to the town; null where that is not known, or it lies nowhere. */
  at: { latitude: number; longitude: number | null } | null
  names: { name: string; lang: string | null }[]
}

/** What differs between the directory of parties and that of places. */
export interface Directory {
  /** The first part of its addresses. */
  path: 'parties' | 'places'
  /** What its entries are to an agreement, and to the filter of the list. */
  link: 'party' | 'place'
  title: string
  /** What its pages say. */
  words: {
    intro: string
    find: string
    none: string
    entered: string
    caption: string
    missing: string
    story: string
    order: string
    storyCaption: string
    emptyThen: string
    emptyNow: string
  }
  list: (
    db: Reader,
    filter: DirectoryFilter,
    moment: Moment,
    today: string,
  ) => Promise<{ total: number; rows: ListedEntry[] }>
  find: (db: Reader, slug: string) => Promise<DirectoryEntry | undefined>
  addName: (context: UnitContext, actor: User, slug: string, name: NewName) => Promise<void>
}
