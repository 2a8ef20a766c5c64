import type { Unit } from '../database/unit.ts'
import { LAST_INSTANT } from '../time/moment.ts'
import type { AgreementParts } from '../database/tables/agreements.ts'

/** One party, place or other agreement that belongs to an agreement. */
export interface Link {
  link: 'party' | 'place' | 'relation'
  other_id: number
}

/** What belongs to an agreement, each once. */
export function linksOf({
  parties,
  places,
  relations,
}: Pick<AgreementParts, 'parties' | 'places' | 'relations'>): Link[] {
  const all: Link[] = [
    ...parties.map(({ party_id }) => ({ link: 'party' as const, other_id: party_id })),
    ...places.map(({ place_id }) => ({ link: 'place' as const, other_id: place_id })),
    ...relations.map(({ other_id }) => ({ link: 'relation' as const, other_id })),
  ]
  return all.filter((one, index) => all.findIndex((other) => isSame(one, other)) === index)
}

/** Keeps what belongs to an agreement from now on, and until when the rest did, so that a filter finds it then as now. */
export async function recordLinks({ trx, at }: Unit, agreementId: number, parts: AgreementParts): Promise<void> {
  const open = await trx
    .selectFrom('agreement_links')
    .select(['link', 'other_id', 'known_from'])
    .where('agreement_id', '=', agreementId)
    .where('known_to', '=', LAST_INSTANT)
    .execute()
  const links = linksOf(parts)
  for (const { link, other_id, known_from } of open.filter((one) => !links.some((other) => isSame(one, other)))) {
    const row = { agreement_id: agreementId, link, other_id, known_from }
    if (known_from === at)
      await trx
        .deleteFrom('agreement_links')
        .where((eb) => eb.and(row))
        .execute()
    else
      await trx
        .updateTable('agreement_links')
        .set({ known_to: at })
        .where((eb) => eb.and(row))
        .execute()
  }
  const added = links.filter((one) => !open.some((other) => isSame(one, other)))
  if (added.length > 0) {
    await trx
      .insertInto('agreement_links')
      .values(added.map((link) => ({ agreement_id: agreementId, ...link, known_from: at, known_to: LAST_INSTANT })))
      .execute()
  }
}

function isSame(one: Link, other: Link): boolean {
  return one.link === other.link && one.other_id === other.other_id
}
