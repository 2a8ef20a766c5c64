import { sql } from 'kysely'
import { readPositions } from './position.ts'
import { countsFrom, type DatedClaim } from './contested.ts'
import type { Reader, Trx } from '../database/schema.ts'
import type { Unit } from '../database/unit.ts'
import { stoodAt } from './at.ts'
import { LAST_INSTANT, NOW } from '../time/moment.ts'
import {
  type StoredStanding,
  type Standing,
  STANDING_COLUMNS,
  standingChanges,
  standingOn,
  standingsOf,
} from './standing.ts'

/** The setting that says to which day the present rows were brought. */
export const IN_EFFECT_UNTIL = 'in_effect_until'

/**
 * Works out anew where an agreement stands, after anything that this depends on has changed: closes the standings that hold no
 * longer, adds the new ones, and brings the present row's `contested` along. Answers with the standing of today.
 */
export async function recordStanding(unit: Unit, agreementId: number): Promise<Standing | undefined> {
  const { kind, sector } = await unit.trx
    .selectFrom('agreements')
    .select(['kind', 'sector'])
    .where('id', '=', agreementId)
    .executeTakeFirstOrThrow()
  const positions = await readPositions(unit.trx, agreementId)
  const claims = await readDatedClaims(unit.trx, agreementId)
  // Announced by the earlier of the two days, so that it follows from the history in whatever zone, and by whatever clock, the present is told.
  const day = unit.at.slice(0, 10)
  const standings = standingsOf(positions, claims, unit.today < day ? unit.today : day)
  await replaceStandings(
    unit,
    agreementId,
    standings.map((standing) => ({ ...standing, kind, sector })),
  )
  const present = standingOn(standings, unit.today)
  const contested = present?.contested ?? 0
  await unit.trx
    .updateTable('agreements')
    .set({ contested })
    .where('id', '=', agreementId)
    .where('contested', '!=', contested)
    .execute()
  return present
}

/** Brings the `contested` of every present row to that of a day: a claim that is said on a later day contests from that day on. */
export async function contestAnew(trx: Trx, day: string): Promise<void> {
  await sql`update agreements set contested = standing.contested from standings as standing
    where standing.agreement_id = agreements.id and ${stoodAt(NOW, day)}
      and standing.contested <> agreements.contested`.execute(trx)
}

async function replaceStandings(unit: Unit, agreementId: number, standings: readonly StoredStanding[]): Promise<void> {
  const { trx, at } = unit
  const open = await trx
    .selectFrom('standings')
    .select(['id', ...STANDING_COLUMNS])
    .where('agreement_id', '=', agreementId)
    .where('known_to', '=', LAST_INSTANT)
    .execute()
  const { ended, added } = standingChanges(open, standings)
  for (const { id } of ended) await trx.updateTable('standings').set({ known_to: at }).where('id', '=', id).execute()
  for (const standing of added) {
    await trx
      .insertInto('standings')
      .values({
        ...(standing as StoredStanding & { kind: never }),
        agreement_id: agreementId,
        known_from: at,
        known_to: LAST_INSTANT,
      })
      .execute()
  }
}

/** The claims about an agreement that are neither withdrawn nor settled. */
async function readDatedClaims(db: Reader, agreementId: number): Promise<DatedClaim[]> {
  const claims = await db
    .selectFrom('claim_agreements')
    .innerJoin('claims', 'claims.id', 'claim_agreements.claim_id')
    .innerJoin('sources', 'sources.id', 'claims.source_id')
    .select(['stance', 'claims.status', 'effective_on', 'said_on', 'published_on'])
    .where('agreement_id', '=', agreementId)
    .where('withdrawn_at', 'is', null)
    .where(
      sql<boolean>`not exists (select 1 from claim_settlements as settled where settled.claim_id = claims.id
        and settled.agreement_id = claim_agreements.agreement_id and settled.reopened_at is null)`,
    )
    .execute()
  return claims.map((claim) => ({ ...claim, counts_from: countsFrom(claim) }))
}
