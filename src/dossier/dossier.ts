import type { Reader } from '../database/schema.ts'
import { listClaims } from '../claims/queries.ts'
import { listChanges } from '../history/queries.ts'
import { listPositions } from '../positions/queries.ts'
import { listFactSources } from '../sources/at.ts'
import { agreementsAt } from '../standing/at.ts'
import type { Moment } from '../time/moment.ts'
import { describeParties, describePlaces, describeRelations, readVersionParts } from '../agreements/described.ts'

const LATEST_CHANGES = 5

/** Everything that a dossier shows of one agreement at a moment; undefined where there is no such reference then. */
export async function findDossier(db: Reader, reference: string, moment: Moment, today: string) {
  const agreement = await db
    .selectFrom(agreementsAt(moment, today))
    .selectAll()
    .where('reference', '=', reference)
    .executeTakeFirst()
  if (!agreement) return undefined
  const { id, version } = agreement
  const { titles, notes, ...parts } = await readVersionParts(db, id, version)
  return {
    agreement,
    titles,
    notes,
    parties: await describeParties(db, parts.parties),
    places: await describePlaces(db, parts.places),
    relations: await describeRelations(db, id, parts.relations, moment, today),
    sources: await listFactSources(db, id, moment.instant),
    positions: await listPositions(db, [id], moment),
    claims: await listClaims(db, [id], moment),
    ...(await latestChanges(db, id, moment)),
  }
}
export type Dossier = NonNullable<Awaited<ReturnType<typeof findDossier>>>

async function latestChanges(db: Reader, agreementId: number, moment: Moment) {
  const { total, rows } = await listChanges(db, { agreementId, moment, page: 1, per_page: LATEST_CHANGES })
  return { changes: rows, changeCount: total }
}
