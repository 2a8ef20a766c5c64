import { confusedWith, readAgreement, readRelations } from '../agreements/described.ts'
import { listClaims } from '../claims/queries.ts'
import { shownClaim } from '../claims/shown-claim.ts'
import type { Reader } from '../database/schema.ts'
import { NOW } from '../time/moment.ts'

/**
 * What the register holds of where an agreement stands, as the forms that change it show it to those who may.
 * @throws AppError `not_found` where there is no such agreement.
 */
export async function readHolds(db: Reader, reference: string, today: string) {
  const agreement = await readAgreement(db, reference, NOW, today)
  const claims = await listClaims(db, [agreement.id], NOW, 'shown')
  const held = { status: agreement.status, effective_on: agreement.status_since, day: today }
  return { agreement, claims: claims.map((claim) => shownClaim(claim, held)) }
}
export type Holds = Awaited<ReturnType<typeof readHolds>>

/** What the form that changes a status shows besides: why it is as it is, and with what the agreement is easily confused. */
export async function readBeside(db: Reader, agreement: Holds['agreement'], today: string) {
  const standing = await db
    .selectFrom('positions')
    .select('reason')
    .where('agreement_id', '=', agreement.id)
    .where('superseded_at', 'is', null)
    .where('status', '=', agreement.status)
    .where('means', 'is not distinct from', agreement.means)
    .where('effective_on', '=', agreement.status_since)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return { standing, confusedWith: confusedWith(await readRelations(db, agreement, today)) }
}
export type Beside = Awaited<ReturnType<typeof readBeside>>
