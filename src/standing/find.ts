import type { Reader } from '../database/schema.ts'
import { AppError } from '../errors.ts'
import { agreementsAt } from './at.ts'
import { describeMoment, isPast, type Moment } from '../time/moment.ts'

/** What a page about one agreement begins with. */
export interface FoundAgreement {
  id: number
  reference: string
  title: string
  version: number
}

/**
 * The agreement of a reference at a moment.
 * @throws AppError `not_found`, saying what a reference looks like, or that it was not there yet.
 */
export async function findAgreement(
  db: Reader,
  reference: string,
  moment: Moment,
  today: string,
): Promise<FoundAgreement> {
  const found = await db
    .selectFrom(agreementsAt(moment, today))
    .select(['id', 'reference', 'title', 'version'])
    .where('reference', '=', reference)
    .executeTakeFirst()
  if (!found) throw notThere(reference, moment)
  return found
}

/** The error for a reference that nothing has, or nothing had then. */
export function notThere(reference: string, moment: Moment): AppError {
  const typed = reference.slice(0, 80)
  if (!isPast(moment))
    return new AppError('not_found', `There is no agreement ${typed}. A reference looks like RUS-SYR-2019-1.`)
  const { asOf, knownAt } = describeMoment(moment)
  const then = [asOf === null ? null : `as of ${asOf}`, knownAt === null ? null : `as known at ${knownAt}`]
  return new AppError(
    'not_found',
    `There is no agreement ${typed} ${then.filter((part) => part !== null).join(', ')}: it did not stand yet, or was not recorded yet.`,
  )
}
