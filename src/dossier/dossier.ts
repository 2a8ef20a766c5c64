import { describeAgreement } from '../agreements/described.ts'
import { listClaims } from '../claims/queries.ts'
import type { Reader } from '../database/schema.ts'
import { countChanges, listChanges } from '../history/queries.ts'
import { listPositions } from '../positions/queries.ts'
import { listFactSources } from '../sources/at.ts'
import type { Moment } from '../time/moment.ts'
import type { Names } from '../words/person.ts'

const LATEST_CHANGES = 5

/**
 * Everything that a dossier shows of one agreement at a moment.
 * @throws AppError `not_found` where there was no such reference then.
 */
export async function readDossier(
  db: Reader,
  reference: string,
  { moment, today, names }: { moment: Moment; today: string; names: Names },
) {
  const described = await describeAgreement(db, reference, moment, today)
  const { id } = described.agreement
  return {
    ...described,
    sources: await listFactSources(db, id, moment.instant),
    positions: await listPositions(db, [id], moment, names),
    claims: await listClaims(db, [id], moment, names),
    ...(await latestChanges(db, id, moment, names)),
  }
}
export type Dossier = Awaited<ReturnType<typeof readDossier>>

async function latestChanges(db: Reader, agreementId: number, moment: Moment, names: Names) {
  const of = { agreementId, moment, names }
  const changes = await listChanges(db, { ...of, page: 1, per_page: LATEST_CHANGES })
  return { changes, changeCount: await countChanges(db, of) }
}
