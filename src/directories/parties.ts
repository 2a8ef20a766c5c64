import { partyTypeLabel } from '../words/party.ts'
import type { Directory } from './directory.ts'
import { addPartyName } from './party-commands.ts'
import { findParty, listParties } from './party-queries.ts'

/** The directory of parties. */
export const parties: Directory = {
  path: 'parties',
  link: 'party',
  title: 'Parties',
  words: {
    intro: 'States, bodies, banks and companies, by every name they have in any script.',
    find: 'Find a party',
    none: 'No party here',
    entered: 'A party is entered with its first agreement.',
    caption: 'Parties by name',
    missing: 'There is no such party. See the list of parties.',
    story: 'Agreements',
    order: 'by day of signature',
    storyCaption: 'Agreements of this party, the oldest first',
    emptyThen: 'No agreement named this party at that moment.',
    emptyNow: 'No agreement names this party any more.',
  },
  list: async (db, filter, moment, today) => {
    const { total, rows } = await listParties(db, filter, moment, today)
    return { total, rows: rows.map((row) => ({ ...row, isA: partyTypeLabel(row.type) })) }
  },
  find: async (db, slug) => {
    const party = await findParty(db, slug)
    return party && { ...party, isA: partyTypeLabel(party.type), at: null }
  },
  addName: addPartyName,
}
