import { placeKindLabel } from '../words/place.ts'
import type { Directory } from './directory.ts'
import { addPlaceName } from './place-commands.ts'
import { findPlace, listPlaces } from './place-queries.ts'

/** The directory of places. */
export const places: Directory = {
  path: 'places',
  link: 'place',
  title: 'Places',
  words: {
    intro: 'What agreements are about, or were signed at. The page of a place is the asset’s story.',
    find: 'Find a place',
    none: 'No place here',
    entered: 'A place is entered with the first agreement about it.',
    caption: 'Places by name',
    missing: 'There is no such place. See the list of places.',
    story: 'Its story',
    order: 'agreements by day of signature',
    storyCaption: 'Agreements about this place, the oldest first',
    emptyThen: 'No agreement was about this place at that moment.',
    emptyNow: 'No agreement is about this place any more.',
  },
  list: async (db, filter, moment, today) => {
    const { total, rows } = await listPlaces(db, filter, moment, today)
    return { total, rows: rows.map((row) => ({ ...row, isA: placeKindLabel(row.kind) })) }
  },
  find: async (db, slug) => {
    const place = await findPlace(db, slug)
    if (!place) return undefined
    const { latitude, longitude } = place
    return { ...place, isA: placeKindLabel(place.kind), at: latitude === null ? null : { latitude, longitude } }
  },
  addName: addPlaceName,
}
