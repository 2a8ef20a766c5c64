import type { Reader } from '../database/schema.ts'
import { listChanges } from './queries.ts'
import { shownChange } from './page.ts'

const MOST_CHANGES = 50

/** What moved an agreement on from one of its versions, as every form shows it; the newest first, and no more than fifty. */
export async function changesSince(db: Reader, agreement: { id: number; version: number }, opened: number) {
  if (opened >= agreement.version) return []
  const since = { agreementId: agreement.id, afterVersion: opened, names: 'shown' } as const
  return (await listChanges(db, { ...since, page: 1, per_page: MOST_CHANGES })).map(shownChange)
}
