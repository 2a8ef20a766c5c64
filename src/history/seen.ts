import type { Unit } from '../database/unit.ts'
import { AppError } from '../errors.ts'
import { newestChangeOf } from './queries.ts'

/**
 * Refuses a change of something that was changed since its form was opened.
 * @throws AppError `conflict` that says who was first.
 */
export async function refuseSeen(unit: Unit, subject: string, seen: number): Promise<void> {
  const newest = await newestChangeOf(unit.trx, subject)
  if (newest && newest.id > seen)
    throw new AppError('conflict', `${newest.actor} was first: ${newest.sentence}. Look at it, then decide again.`)
}
