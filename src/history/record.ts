import type { Unit } from '../database/unit.ts'
import { type ChangedFields, hashChange } from './change.ts'
import type { ChangeKind } from '../words/change-kind.ts'

interface NewChange {
  kind: ChangeKind
  subject: string
  agreement?: number
  version?: number
  before?: ChangedFields
  after?: ChangedFields
  reason?: string | null
}

/** Adds an entry to the history: the one way in which a change is written. Call it in the unit that makes the change. Its id. */
export async function recordChange(unit: Unit, change: NewChange): Promise<number> {
  const entry = {
    id: unit.head.id + 1,
    recorded_at: unit.at,
    actor: unit.actor,
    kind: change.kind,
    subject: change.subject,
    agreement: change.agreement ?? null,
    version: change.version ?? null,
    before: change.before ? JSON.stringify(change.before) : null,
    after: change.after ? JSON.stringify(change.after) : null,
    reason: change.reason ?? null,
  }
  const hash = hashChange(unit.head.hash, entry)
  await unit.trx
    .insertInto('changes')
    .values({ ...entry, hash })
    .execute()
  unit.head = { id: entry.id, hash }
  return entry.id
}
