import { sql } from 'kysely'
import type { Unit } from '../database/unit.ts'
import { recordStanding } from '../standing/record.ts'
import { type AgreementParts, VERSIONED_COLUMNS } from '../database/tables/agreements.ts'
import { recordLinks } from '../standing/links.ts'
import { indexParts } from '../standing/search-text.ts'

const COLUMNS = sql.join(VERSIONED_COLUMNS.map((column) => sql.ref(column)))

/**
 * Keeps the agreement's present row as its newest version, closes the one before it, and works out anew what follows from it:
 * where it stands, and (with `parts`) what it is found by. Call it after each change of the row.
 * @param parts what belongs to the agreement now; null when that is what it was in the version before
 */
export async function recordVersion(
  unit: Unit,
  agreement: { id: number; version: number },
  parts: AgreementParts | null,
): Promise<void> {
  const { id, version } = agreement
  const before = version - 1
  if (before > 0) {
    await sql`update agreement_versions set recorded_to = ${unit.at} where agreement_id = ${id} and version = ${before}`.execute(
      unit.trx,
    )
  }
  const kept =
    parts === null
      ? sql`(select parts from agreement_versions where agreement_id = ${id} and version = ${before})`
      : sql`${JSON.stringify(parts)}`
  await sql`
    insert into agreement_versions (agreement_id, recorded_from, recorded_to, parts, ${COLUMNS})
    select id, ${unit.at}, null, ${kept}, ${COLUMNS} from agreements where id = ${id}`.execute(unit.trx)
  if (parts !== null) {
    await recordLinks(unit, id, parts)
    await indexParts(unit, id, parts)
  }
  await recordStanding(unit, id)
}
