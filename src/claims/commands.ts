import type { User } from '../accounts/user.ts'
import { type Means, type Status, statusLabel } from '../agreements/status.ts'
import { inUnit, type Unit, type UnitContext } from '../database/unit.ts'
import type { PartialDate } from '../dates/partial-date.ts'
import { AppError, invalidField } from '../errors.ts'
import { filled } from '../history/change.ts'
import { recordChange } from '../history/record.ts'
import { describeSource, refuseSeen } from '../sources/commands.ts'
import { LAST_INSTANT } from '../standing/moment.ts'
import { keepStanding } from '../standing/keep.ts'
import { type Stance, stanceVerb } from './claim.ts'

export interface NewClaim {
  source_id: number
  asserted_by: string
  stance: Stance
  status: Status
  means: Means | null
  effective_on: PartialDate | null
  said_on: PartialDate | null
  credibility: number | null
  note: string | null
  scope: string | null
  status_fit: 'exact' | 'approximate'
}

export interface CoveredAgreement {
  id: number
  reference: string
}

/** Records what somebody said about one or many agreements. It moves no position. Its id. */
export async function addClaim(unit: Unit, claim: NewClaim, agreements: readonly CoveredAgreement[]): Promise<number> {
  const { id } = await unit.trx
    .insertInto('claims')
    .values({ ...claim, recorded_at: unit.at, recorded_by: unit.actor.id, withdrawn_at: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  for (const agreement of agreements) {
    await unit.trx.insertInto('claim_agreements').values({ claim_id: id, agreement_id: agreement.id }).execute()
  }
  const { asserted_by, stance, status, means, effective_on, said_on, credibility, note, scope } = claim
  await recordChange(unit, {
    kind: 'claim_added',
    subject: `claim:${id}`,
    ...(agreements.length === 1 && agreements[0] ? { agreement: agreements[0].id } : {}),
    after: filled({
      claim: describeClaim(claim),
      stance,
      status,
      means,
      effective_on,
      said_on,
      asserted_by,
      credibility,
      note,
      scope,
      agreements: agreements.map(({ reference }) => reference),
      sources: [await describeSource(unit, claim.source_id)],
    }),
  })
  for (const agreement of agreements) await keepStanding(unit, agreement.id)
  return id
}

/** `Dmitry Trifonov denies Annulled`. */
export function describeClaim({
  asserted_by,
  stance,
  status,
}: Pick<NewClaim, 'asserted_by' | 'stance' | 'status'>): string {
  return `${asserted_by} ${stanceVerb(stance)} ${statusLabel(status)}`
}

/** Why a claim is withdrawn, settled, reopened or tied, and the newest change of it that the form was opened with. */
export interface Decision {
  reason: string
  seen: number
}

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

/**
 * Settles a claim about some of its agreements: it was weighed, and contests their positions no longer.
 * @param agreements references of those it is settled about
 * @throws AppError `not_found`, `conflict` when somebody else was first, `invalid` when it is settled already.
 */
export async function settleClaim(
  context: UnitContext,
  actor: User,
  id: number,
  { agreements, ...decision }: Decision & { agreements: readonly string[] },
): Promise<void> {
  await inUnit(context, actor, async (unit) => {
    const claim = await readStandingClaim(unit, id, decision.seen)
    const chosen = chosenAgreements(claim, agreements)
    const settled = await settledAgreements(unit, id)
    const open = chosen.filter((agreement) => !settled.has(agreement.id))
    if (open.length === 0)
      throw invalidField('agreement', 'It is settled about these already: choose another agreement')
    for (const agreement of open) {
      await unit.trx
        .insertInto('claim_settlements')
        .values({
          claim_id: id,
          agreement_id: agreement.id,
          settled_at: unit.at,
          settled_by: actor.id,
          reason: decision.reason,
          reopened_at: null,
        })
        .execute()
    }
    await recordAbout(unit, { ...claim, agreements: open }, 'claim_settled', decision.reason)
  })
}

/**
 * Opens a settled claim again: it contests as before.
 * @throws AppError `not_found`, `conflict` when somebody else was first, `invalid` when it is not settled.
 */
export async function reopenClaim(
  context: UnitContext,
  actor: User,
  id: number,
  { agreements, ...decision }: Decision & { agreements: readonly string[] },
): Promise<void> {
  await inUnit(context, actor, async (unit) => {
    const claim = await readStandingClaim(unit, id, decision.seen)
    const settled = await settledAgreements(unit, id)
    const open = chosenAgreements(claim, agreements).filter((agreement) => settled.has(agreement.id))
    if (open.length === 0) throw invalidField('agreement', 'It is not settled about these: choose another agreement')
    for (const agreement of open) {
      await unit.trx
        .updateTable('claim_settlements')
        .set({ reopened_at: unit.at })
        .where('claim_id', '=', id)
        .where('agreement_id', '=', agreement.id)
        .where('reopened_at', 'is', null)
        .execute()
    }
    await recordAbout(unit, { ...claim, agreements: open }, 'claim_reopened', decision.reason)
  })
}

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
  await recordAbout(unit, claim, 'claim_tied', reason, { repeats: `claim ${repeats}` })
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
    await recordAbout(unit, claim, 'claim_untied', decision.reason, { repeated: `claim ${statement}` })
  })
}

export interface StandingClaim {
  id: number
  asserted_by: string
  stance: Stance
  status: Status
  agreements: CoveredAgreement[]
}

/** A claim with its agreements, or undefined. */
async function readClaim(unit: Unit, id: number) {
  const claim = await unit.trx
    .selectFrom('claims')
    .select(['id', 'asserted_by', 'stance', 'status', 'withdrawn_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!claim) return undefined
  const agreements = await unit.trx
    .selectFrom('claim_agreements')
    .innerJoin('agreements', 'agreements.id', 'claim_agreements.agreement_id')
    .select(['agreements.id', 'reference'])
    .where('claim_id', '=', id)
    .orderBy('agreements.id')
    .execute()
  return { ...claim, agreements }
}

async function readStandingClaim(unit: Unit, id: number, seen: number): Promise<StandingClaim> {
  const claim = await readClaim(unit, id)
  if (!claim) throw new AppError('not_found', `There is no claim ${id}.`)
  await refuseSeen(unit, `claim:${id}`, seen)
  if (claim.withdrawn_at !== null)
    throw new AppError('invalid', 'This claim is withdrawn: record it again instead.', {
      '': 'This claim is withdrawn: record it again instead',
    })
  return claim
}

async function recordAbout(
  unit: Unit,
  { id, agreements, ...claim }: StandingClaim,
  kind: 'claim_withdrawn' | 'claim_settled' | 'claim_reopened' | 'claim_tied' | 'claim_untied',
  reason: string | null,
  more: Record<string, string> = {},
): Promise<void> {
  await recordChange(unit, {
    kind,
    subject: `claim:${id}`,
    ...(agreements.length === 1 && agreements[0] ? { agreement: agreements[0].id } : {}),
    after: { claim: describeClaim(claim), agreements: agreements.map(({ reference }) => reference), ...more },
    reason,
  })
  if (kind === 'claim_tied' || kind === 'claim_untied') return
  for (const agreement of agreements) await keepStanding(unit, agreement.id)
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

/** The claim whose statement a claim repeats; null when it stands for itself. */
async function statementOf(unit: Unit, id: number): Promise<number | null> {
  const tie = await unit.trx
    .selectFrom('claim_ties')
    .select('statement_id')
    .where('claim_id', '=', id)
    .where('known_to', '=', LAST_INSTANT)
    .executeTakeFirst()
  return tie?.statement_id ?? null
}

async function copiesOf(unit: Unit, id: number): Promise<number[]> {
  const ties = await unit.trx
    .selectFrom('claim_ties')
    .select('claim_id')
    .where('statement_id', '=', id)
    .where('known_to', '=', LAST_INSTANT)
    .execute()
  return ties.map(({ claim_id }) => claim_id)
}

async function tie(unit: Unit, id: number, statement: number): Promise<void> {
  await endTie(unit, id)
  await unit.trx
    .insertInto('claim_ties')
    .values({ claim_id: id, statement_id: statement, known_from: unit.at, known_to: LAST_INSTANT })
    .execute()
}

async function endTie({ trx, at }: Unit, id: number): Promise<void> {
  await trx.deleteFrom('claim_ties').where('claim_id', '=', id).where('known_from', '=', at).execute()
  await trx
    .updateTable('claim_ties')
    .set({ known_to: at })
    .where('claim_id', '=', id)
    .where('known_to', '=', LAST_INSTANT)
    .execute()
}
