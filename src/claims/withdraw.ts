import type { User } from '../accounts/user.ts'
import { inUnit, type UnitContext } from '../database/unit.ts'
import { type Decision, readStandingClaim, recordAbout } from './standing-claim.ts'
import { copiesOf, endTie, tie } from './ties.ts'

/**
 * Withdraws a claim that should not have been recorded: nobody said so. It stays readable, and counts no longer.
 * @throws AppError `not_found`, `conflict` when somebody else was first, `invalid` when it is withdrawn already.
 */
export async function withdrawClaim(context: UnitContext, actor: User, id: number, decision: Decision): Promise<void> {
  await inUnit(context, actor, async (unit) => {
    const claim = await readStandingClaim(unit, id, decision.seen)
    await unit.trx.updateTable('claims').set({ withdrawn_at: unit.at }).where('id', '=', id).execute()
    await endTie(unit, id)
    // Its copies still say the same: the first of them is the statement's original now.
    const [heir, ...copies] = await copiesOf(unit, id)
    if (heir !== undefined) await endTie(unit, heir)
    for (const copy of copies) await tie(unit, copy, heir ?? copy)
    await recordAbout(unit, claim, 'claim_withdrawn', decision.reason)
  })
}
