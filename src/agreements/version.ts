import type { AgreementColumns } from '../database/schema.ts'
import type { Unit } from '../database/unit.ts'
import { type AgreementParts, FACT_COLUMNS } from './agreement.ts'

/** The columns that every version repeats. */
export const VERSIONED_COLUMNS = [
  ...FACT_COLUMNS,
  'status',
  'means',
  'status_since',
  'version',
  'party_names',
  'countries',
  'place_names',
  'original_title',
  'original_title_lang',
  'updated_at',
] as const satisfies (keyof AgreementColumns)[]

/** Keeps the agreement's present row as its newest version and closes the one before it. Call it after each change of the row. */
export async function keepVersion(unit: Unit, id: number, parts: AgreementParts): Promise<void> {
  const row = await unit.trx
    .selectFrom('agreements')
    .select(VERSIONED_COLUMNS)
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  if (row.version > 1) {
    await unit.trx
      .updateTable('agreement_versions')
      .set({ recorded_to: unit.at })
      .where('agreement_id', '=', id)
      .where('version', '=', row.version - 1)
      .execute()
  }
  await unit.trx
    .insertInto('agreement_versions')
    .values({ ...row, agreement_id: id, recorded_from: unit.at, recorded_to: null, parts: JSON.stringify(parts) })
    .execute()
}
