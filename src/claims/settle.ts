import type { User } from '../accounts/user.ts'
import { inUnit, type Unit, type UnitContext } from '../database/unit.ts'
import { invalidField } from '../errors.ts'
import type { CoveredAgreement } from './add-claim.ts'
import { type Decision, readClaim, readStandingClaim, recordAbout, type StandingClaim } from './standing-claim.ts'
import { copiesOf, statementOf } from './ties.ts'

/** A decision about a claim and some of its agreements, by their references. */
type DecisionAbout = Decision & { agreements: readonly string[] }

/**
 * Settles a claim about some of its agreements: it was weighed, and contests their positions no longer. What is weighed is the
 * statement: claims that repeat it are settled with it.
 * @throws AppError `not_found`, `conflict` when somebody else was first, `invalid` when it is settled already.
 */
export async function settleClaim(
  context: UnitContext,
  actor: User,
  id: number,
  { agreements, ...decision }: DecisionAbout,
): Promise<void> {
  await inUnit(context, actor, async (unit) => {
    const claim = await readStandingClaim(unit, id, decision.seen)
    const chosen = chosenAgreements(claim, agreements)
    if (!(await settleAbout(unit, claim, chosen, decision.reason)))
      throw invalidField('agreement', 'It is settled about these already: choose another agreement')
    for (const other of await othersOfStatement(unit, id)) await settleAbout(unit, other, chosen, decision.reason)
  })
}

/**
 * Opens a settled claim again, and those that say the same: they contest as before.
 * @throws AppError `not_found`, `conflict` when somebody else was first, `invalid` when it is not settled.
 */
export async function reopenClaim(
  context: UnitContext,
  actor: User,
  id: number,
  { agreements, ...decision }: DecisionAbout,
): Promise<void> {
  await inUnit(context, actor, async (unit) => {
    const claim = await readStandingClaim(unit, id, decision.seen)
    const chosen = chosenAgreements(claim, agreements)
    if (!(await reopenAbout(unit, claim, chosen, decision.reason)))
      throw invalidField('agreement', 'It is not settled about these: choose another agreement')
    for (const other of await othersOfStatement(unit, id)) await reopenAbout(unit, other, chosen, decision.reason)
  })
}

/** Settles a claim about those of some agreements that it is about, and not settled about yet; false when there is none. */
async function settleAbout(
  unit: Unit,
  claim: StandingClaim,
  chosen: readonly CoveredAgreement[],
  reason: string,
): Promise<boolean> {
  const settled = await settledAgreements(unit, claim.id)
  const open = among(claim, chosen).filter((agreement) => !settled.has(agreement.id))
  for (const agreement of open) {
    await unit.trx
      .insertInto('claim_settlements')
      .values({
        claim_id: claim.id,
        agreement_id: agreement.id,
        settled_at: unit.at,
        settled_by: unit.actor,
        reason,
        reopened_at: null,
      })
      .execute()
  }
  if (open.length > 0) await recordAbout(unit, { ...claim, agreements: open }, 'claim_settled', reason)
  return open.length > 0
}

async function reopenAbout(
  unit: Unit,
  claim: StandingClaim,
  chosen: readonly CoveredAgreement[],
  reason: string,
): Promise<boolean> {
  const settled = await settledAgreements(unit, claim.id)
  const open = among(claim, chosen).filter((agreement) => settled.has(agreement.id))
  for (const agreement of open) {
    await unit.trx
      .updateTable('claim_settlements')
      .set({ reopened_at: unit.at })
      .where('claim_id', '=', claim.id)
      .where('agreement_id', '=', agreement.id)
      .where('reopened_at', 'is', null)
      .execute()
  }
  if (open.length > 0) await recordAbout(unit, { ...claim, agreements: open }, 'claim_reopened', reason)
  return open.length > 0
}

/** The other claims that make or repeat the statement of one, as far as they stand. */
async function othersOfStatement(unit: Unit, id: number): Promise<StandingClaim[]> {
  const statement = (await statementOf(unit, id)) ?? id
  const others = [statement, ...(await copiesOf(unit, statement))].filter((other) => other !== id)
  const claims = []
  for (const other of others) {
    const claim = await readClaim(unit, other)
    if (claim && claim.withdrawn_at === null) claims.push(claim)
  }
  return claims
}

function among({ agreements }: StandingClaim, chosen: readonly CoveredAgreement[]): CoveredAgreement[] {
  return agreements.filter((agreement) => chosen.some(({ id }) => id === agreement.id))
}

function chosenAgreements(claim: StandingClaim, references: readonly string[]): CoveredAgreement[] {
  const foreign = references.find((reference) => !claim.agreements.some((one) => one.reference === reference))
  if (foreign !== undefined)
    throw invalidField('agreement', `The claim is not about ${foreign.slice(0, 80)}: choose from its own agreements`)
  if (references.length === 0) throw invalidField('agreement', 'Choose the agreements that it is about')
  return claim.agreements.filter(({ reference }) => references.includes(reference))
}

async function settledAgreements(unit: Unit, id: number): Promise<Set<number>> {
  const rows = await unit.trx
    .selectFrom('claim_settlements')
    .select('agreement_id')
    .where('claim_id', '=', id)
    .where('reopened_at', 'is', null)
    .execute()
  return new Set(rows.map(({ agreement_id }) => agreement_id))
}
