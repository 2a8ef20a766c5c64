import { type RawBuilder, sql } from 'kysely'
import { heldAt } from '../time/known.ts'

/** What an agreement (of the table `agreements`) was called, by what was known at an instant (null: now). */
export function titleThen(instant: string | null): RawBuilder<string | null> {
  return instant === null
    ? sql<string | null>`agreements.title`
    : sql<
        string | null
      >`coalesce((select kept.title from agreement_versions as kept where kept.agreement_id = agreements.id
        and ${heldAt(instant, 'kept.recorded_from', 'kept.recorded_to')}), agreements.title)`
}
