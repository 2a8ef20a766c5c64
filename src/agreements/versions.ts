import type { Reader } from '../database/schema.ts'
import { type ChangedFields, difference } from '../history/change.ts'
import { type FieldChange, fieldChanges } from '../history/fields.ts'
import { portrait } from './agreement.ts'
import { readVersion } from './revert.ts'

/** An agreement's versions up to one, the newest first, with when each was recorded. */
export async function listVersions(db: Reader, id: number, last: number) {
  return db
    .selectFrom('agreement_versions')
    .select(['version', 'recorded_from'])
    .where('agreement_id', '=', id)
    .where('version', '<=', last)
    .orderBy('version', 'desc')
    .execute()
}

/** The fields that differ between two versions of an agreement, the status among them; none when they are the same. */
export async function compareVersions(db: Reader, id: number, from: number, to: number): Promise<FieldChange[]> {
  const changed = difference(await portraitOf(db, id, from), await portraitOf(db, id, to))
  return changed === null ? [] : fieldChanges(changed.before, changed.after)
}

async function portraitOf(db: Reader, id: number, version: number): Promise<ChangedFields> {
  const { facts, parts } = await readVersion(db, id, version)
  const { status, means, status_since } = await db
    .selectFrom('agreement_versions')
    .select(['status', 'means', 'status_since'])
    .where('agreement_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirstOrThrow()
  return { status, means, status_since, ...portrait(facts, parts) }
}
