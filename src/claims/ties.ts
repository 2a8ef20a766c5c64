import type { User } from '../accounts/user.ts'
import { inUnit, type Unit, type UnitContext } from '../database/unit.ts'
import { invalidField } from '../errors.ts'
import { LAST_INSTANT } from '../time/moment.ts'
import { describeClaim } from '../words/claim.ts'
import { type Decision, readClaim, readStandingClaim, recordAbout, type StandingClaim } from './standing-claim.ts'

/**
 * Ties a claim to the one whose statement it repeats, so that both count once; those that repeat it follow.
 * @throws AppError `not_found`, `conflict`, `invalid` for itself, a ring, or a claim that says something else.
 */
export async function tieClaim(
  context: UnitContext,
  actor: User,
  id: number,
  { repeats, ...decision }: Decision & { repeats: number },
): Promise<void> {
  await inUnit(context, actor, async (unit) => {
    const claim = await readStandingClaim(unit, id, decision.seen)
    await tieTo(unit, claim, repeats, decision.reason)
  })
}

/** Ties a claim in the unit under way; what it repeats may itself repeat another: the statement is that one's. */
export async function tieTo(unit: Unit, claim: StandingClaim, repeats: number, reason: string | null): Promise<void> {
  if (repeats === claim.id) throw invalidField('repeats', 'A claim cannot repeat itself: give another claim’s number')
  const other = await readClaim(unit, repeats)
  if (!other || other.withdrawn_at !== null)
    throw invalidField('repeats', `There is no claim ${repeats} that stands: give the number of one`)
  const statement = (await statementOf(unit, repeats)) ?? repeats
  if (statement === claim.id)
    throw invalidField('repeats', `Claim ${repeats} repeats this one already: tie them one way only`)
  if (other.stance !== claim.stance || other.status !== claim.status)
    throw invalidField(
      'repeats',
      `Claim ${repeats} says something else (${describeClaim(other)}): only claims that say the same are one statement`,
    )
  const shared = claim.agreements.some((agreement) => other.agreements.some(({ id }) => id === agreement.id))
  if (!shared) throw invalidField('repeats', `Claim ${repeats} is about other agreements: give one about the same`)
  if ((await statementOf(unit, claim.id)) === statement)
    throw invalidField('repeats', `It is tied to claim ${statement} already: give another one`)
  for (const copy of [claim.id, ...(await copiesOf(unit, claim.id))]) await tie(unit, copy, statement)
  await recordAbout(unit, claim, 'claim_tied', reason, { repeats })
}

/**
 * Lets a claim stand for itself again.
 * @throws AppError `not_found`, `conflict`, `invalid` when it is tied to none.
 */
export async function untieClaim(context: UnitContext, actor: User, id: number, decision: Decision): Promise<void> {
  await inUnit(context, actor, async (unit) => {
    const claim = await readStandingClaim(unit, id, decision.seen)
    const statement = await statementOf(unit, id)
    if (statement === null) throw invalidField('repeats', 'It repeats no other claim')
    await endTie(unit, id)
    await recordAbout(unit, claim, 'claim_untied', decision.reason, { repeated: statement })
  })
}

/** The claim whose statement a claim repeats; null when it stands for itself. */
export async function statementOf(unit: Unit, id: number): Promise<number | null> {
  const tie = await unit.trx
    .selectFrom('claim_ties')
    .select('statement_id')
    .where('claim_id', '=', id)
    .where('known_to', '=', LAST_INSTANT)
    .executeTakeFirst()
  return tie?.statement_id ?? null
}

/** The claims that repeat a statement. */
export async function copiesOf(unit: Unit, id: number): Promise<number[]> {
  const ties = await unit.trx
    .selectFrom('claim_ties')
    .select('claim_id')
    .where('statement_id', '=', id)
    .where('known_to', '=', LAST_INSTANT)
    .orderBy('claim_id')
    .execute()
  return ties.map(({ claim_id }) => claim_id)
}

/** Ties a claim to a statement, whatever it was tied to before. */
export async function tie(unit: Unit, id: number, statement: number): Promise<void> {
  await endTie(unit, id)
  await unit.trx
    .insertInto('claim_ties')
    .values({ claim_id: id, statement_id: statement, known_from: unit.at, known_to: LAST_INSTANT })
    .execute()
}

export async function endTie({ trx, at }: Unit, id: number): Promise<void> {
  await trx.deleteFrom('claim_ties').where('claim_id', '=', id).where('known_from', '=', at).execute()
  await trx
    .updateTable('claim_ties')
    .set({ known_to: at })
    .where('claim_id', '=', id)
    .where('known_to', '=', LAST_INSTANT)
    .execute()
}
