import type { Database } from '../database/database.ts'
import { agreementsCsv } from './csv.ts'
import { streamAgreements } from './queries.ts'
import type { ResolvedFilter } from './conditions.ts'

/** Every row of a filter as CSV, without a heading, from one state of the register. */
export async function* everyAgreementAsCsv(
  db: Database,
  resolved: ResolvedFilter,
  baseUrl: string,
): AsyncGenerator<string> {
  const snapshot = await db.snapshot()
  try {
    for await (const rows of streamAgreements(snapshot, resolved)) yield agreementsCsv(rows, baseUrl, resolved.moment)
  } finally {
    await snapshot.close()
  }
}
