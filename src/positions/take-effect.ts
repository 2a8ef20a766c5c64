import { sql } from 'kysely'
import type { AppContext } from '../context.ts'
import { today } from '../time/clock.ts'
import { inUnit, type Unit } from '../database/unit.ts'
import { recordChange } from '../history/record.ts'
import { contestAnew, IN_EFFECT_UNTIL } from '../standing/record.ts'
import { PRESENT_COLUMNS } from '../agreements/present.ts'
import { moveTo } from './present.ts'
import { listedPosition, readPositions } from '../standing/position.ts'

/** What the history says where a position is taken back that was brought into effect by a clock that was ahead. */
const CLOCK_WAS_AHEAD = 'The clock was ahead when the later position was brought into effect.'

/**
 * Positions that were recorded ahead of their day become the agreement's status when that day comes. Does nothing when
 * it was done today already. Where it was done by a clock that was ahead, what had come into effect goes back to where it stands
 * today. Answers with the number of agreements that moved.
 */
export async function bringIntoEffect(context: Pick<AppContext, 'db' | 'clock' | 'system'>): Promise<number> {
  const done = await context.db.read
    .selectFrom('settings')
    .select('value')
    .where('key', '=', IN_EFFECT_UNTIL)
    .executeTakeFirst()
  // Servers whose clocks or zones differ are a day apart at most.
  const wasAhead = done !== undefined && done.value > dayAfter(today(context.clock))
  if (done && !wasAhead && done.value >= today(context.clock)) return 0
  return inUnit(context, context.system, async (unit) => {
    const due = wasAhead ? await listedAhead(unit) : await dueSince(unit, done?.value ?? '')
    const reason = wasAhead ? CLOCK_WAS_AHEAD : null
    let moved = 0
    for (const agreement_id of due) if (await bringOneIntoEffect(unit, agreement_id, reason)) moved += 1
    await contestAnew(unit.trx, unit.today)
    await unit.trx
      .insertInto('settings')
      .values({ key: IN_EFFECT_UNTIL, value: unit.today })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: unit.today }))
      .execute()
    return moved
  })
}

const DAY_OF_STATUS = sql<string>`substr(status_since || '-01-01', 1, 10)`

/** The agreements with a position whose day has come since another. */
async function dueSince(unit: Unit, day: string): Promise<number[]> {
  const rows = await unit.trx
    .selectFrom('positions')
    .innerJoin('agreements', 'agreements.id', 'positions.agreement_id')
    .select('agreement_id')
    .distinct()
    .where('superseded_at', 'is', null)
    .where('effective_day', '>', DAY_OF_STATUS)
    .where('effective_day', '>', day)
    .where('effective_day', '<=', unit.today)
    .orderBy('agreement_id')
    .execute()
  return rows.map(({ agreement_id }) => agreement_id)
}

/** The agreements that are listed by a position whose day has not come. */
async function listedAhead(unit: Unit): Promise<number[]> {
  const rows = await unit.trx
    .selectFrom('agreements')
    .select('id')
    .where(DAY_OF_STATUS, '>', unit.today)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)
}

async function bringOneIntoEffect(unit: Unit, id: number, reason: string | null): Promise<boolean> {
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
    reason,
  })
  return true
}
