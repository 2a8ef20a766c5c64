import { type AgreementFacts, FACT_COLUMNS } from '../database/tables/agreements.ts'
import type { Unit } from '../database/unit.ts'
import { AppError, conflict } from '../errors.ts'
import type { PartialDate } from '../time/partial-date.ts'
import type { Means, Status } from '../words/status.ts'

/** What a decision about where an agreement stands needs to know of its row. */
export const PRESENT_COLUMNS = ['id', 'reference', 'version', 'status', 'means', 'status_since'] as const

export interface PresentRow {
  id: number
  reference: string
  version: number
  status: Status
  means: Means | null
  status_since: PartialDate
}

/**
 * The agreement that somebody decides about, as it is now.
 * @param version the version that they decide on
 * @throws AppError `not_found`, `conflict` when somebody else was first.
 */
export async function readPresent(
  { trx }: Unit,
  reference: string,
  version: number,
): Promise<PresentRow & AgreementFacts> {
  const present = await trx
    .selectFrom('agreements')
    .select([...PRESENT_COLUMNS, ...FACT_COLUMNS])
    .where('reference', '=', reference)
    .executeTakeFirst()
  if (!present) throw new AppError('not_found', `There is no agreement ${reference}.`)
  if (present.version !== version) throw conflict(present.version)
  return present
}
