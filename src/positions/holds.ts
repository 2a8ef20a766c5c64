import { confusedWith, describeAgreement } from '../agreements/described.ts'
import { listClaims } from '../claims/queries.ts'
import { shownClaim } from '../claims/shown-claim.ts'
import type { Reader } from '../database/schema.ts'
import { NOW } from '../time/moment.ts'
import { listPositions } from './queries.ts'

/**
 * What the register holds of where an agreement stands, as the forms that change it show it.
 * @throws AppError `not_found` where there is no such agreement.
 */
export async function readHolds(db: Reader, reference: string, today: string) {
  const { agreement, relations } = await describeAgreement(db, reference, NOW, today)
  const positions = await listPositions(db, [agreement.id], NOW)
  const claims = await listClaims(db, [agreement.id], NOW)
  const held = { status: agreement.status, effective_on: agreement.status_since, day: today }
  return {
    agreement,
    confusedWith: confusedWith(relations),
    positions,
    claims: claims.map((claim) => shownClaim(claim, held)),
    /** The position by which the agreement is listed. */
    standing: positions.findLast(
      ({ status, means, effective_on }) =>
        status === agreement.status && means === agreement.means && effective_on === agreement.status_since,
    ),
  }
}
export type Holds = Awaited<ReturnType<typeof readHolds>>
