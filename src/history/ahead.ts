import type { Reader } from '../database/schema.ts'
import { formatInstant } from '../time/partial-date.ts'

/** Changes that are stamped later than the present: the clock was ahead when they were recorded, or it is behind now. */
interface Ahead {
  changes: number
  first: number
  recorded_at: string
  /** The stamp of the newest: every change until then is stamped with it. */
  newest: string
}

/** @param now the present instant, in ISO 8601 */
export async function changesAhead(db: Reader, now: string): Promise<Ahead | undefined> {
  const last = await db
    .selectFrom('changes')
    .select(['id', 'recorded_at'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  // No change is stamped before the one before it.
  if (!last || last.recorded_at <= now) return undefined
  const first = await db
    .selectFrom('changes')
    .select(['id', 'recorded_at'])
    .where('recorded_at', '>', now)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  if (!first) return undefined
  return { changes: last.id - first.id + 1, first: first.id, recorded_at: first.recorded_at, newest: last.recorded_at }
}

/** What is said of such changes: they are no fault of the history, and can be lived with. */
export function explainAhead({ changes, first, recorded_at, newest }: Ahead): string {
  const which =
    changes === 1
      ? `change ${first} is stamped ${formatInstant(recorded_at)}`
      : `${changes} changes from change ${first} on are stamped ${formatInstant(recorded_at)} or later`
  return `${which}, ahead of this machine’s clock: the clock was ahead when that was recorded, or is behind now. Days of effect are judged by the present day; until ${formatInstant(newest)} every change is stamped with that instant.`
}
