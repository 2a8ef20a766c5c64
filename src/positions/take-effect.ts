import { sql } from 'kysely'
import type { AppContext } from '../context.ts'
import { today } from '../time/clock.ts'
import { inUnit, type Unit } from '../database/unit.ts'
import { recordChange } from '../history/record.ts'
import { contestAnew, IN_EFFECT_UNTIL } from '../standing/record.ts'
import { PRESENT_COLUMNS } from '../agreements/present.ts'
import { moveTo } from './present.ts'
import { listedPosition, readPositions } from '../standing/position.ts'

/**
 * Positions that were recorded ahead of their day become the agreement's status when that day comes. Does nothing when
 * it was done today already. Answers with the number of agreements that moved.
 */
export async function bringIntoEffect(context: Pick<AppContext, 'db' | 'clock' | 'system'>): Promise<number> {
  const done = await context.db.read
    .selectFrom('settings')
    .select('value')
    .where('key', '=', IN_EFFECT_UNTIL)
    .executeTakeFirst()
  if (done && done.value >= today(context.clock)) return 0
  return inUnit(context, context.system, async (unit) => {
    const due = await unit.trx
      .selectFrom('positions')
      .innerJoin('agreements', 'agreements.id', 'positions.agreement_id')
      .select('agreement_id')
      .distinct()
      .where('superseded_at', 'is', null)
      .where('effective_day', '>', sql<string>`substr(status_since || '-01-01', 1, 10)`)
      .where('effective_day', '>', done?.value ?? '')
      .where('effective_day', '<=', unit.today)
      .orderBy('agreement_id')
      .execute()
    let moved = 0
    for (const { agreement_id } of due) if (await bringOneIntoEffect(unit, agreement_id)) moved += 1
    await contestAnew(unit.trx, unit.today)
    await unit.trx
      .insertInto('settings')
      .values({ key: IN_EFFECT_UNTIL, value: unit.today })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: unit.today }))
      .execute()
    return moved
  })
}

async function bringOneIntoEffect(unit: Unit, id: number): Promise<boolean> {
  const before = await unit.trx
    .selectFrom('agreements')
    .select(PRESENT_COLUMNS)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const position = listedPosition(await readPositions(unit.trx, id), unit.today)
  const isListed =
    position?.status === before.status &&
    position.means === before.means &&
    position.effective_on === before.status_since
  if (!position || isListed) return false
  await moveTo(unit, before, position, null)
  await recordChange(unit, {
    kind: 'position_took_effect',
    subject: `agreement:${id}`,
    agreement: id,
    version: before.version + 1,
    before: { status: before.status, means: before.means, status_since: before.status_since },
    after: {
      status: position.status,
      means: position.means,
      status_since: position.effective_on,
      effective_on: position.effective_on,
    },
    reason: null,
  })
  return true
}
