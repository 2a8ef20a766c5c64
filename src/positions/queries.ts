import { sql } from 'kysely'
import { among } from '../database/engines/among.ts'
import type { Reader } from '../database/schema.ts'
import { sourcesAt } from '../sources/at.ts'
import { LAST_INSTANT, type Moment } from '../time/moment.ts'
import { actorName } from '../history/actor.ts'
import type { Names } from '../words/person.ts'

/**
 * The positions of some agreements at a moment with what each rests on, in the order in which they took effect: those
 * recorded by then that no correction had replaced, and that had begun.
 */
export async function listPositions(
  db: Reader,
  agreementIds: readonly number[],
  { instant, day }: Moment,
  names: Names,
) {
  if (agreementIds.length === 0) return []
  const positions = await db
    .selectFrom('positions')
    .innerJoin('users', 'users.id', 'positions.decided_by')
    .leftJoin('positions as corrected', 'corrected.id', 'positions.corrects_id')
    .select([
      'positions.id',
      'positions.agreement_id',
      'positions.status',
      'positions.means',
      'positions.effective_on',
      'positions.effective_day',
      'positions.reason',
      'positions.recorded_at',
      'positions.change_id',
      actorName(names).as('decided_by'),
      'corrected.status as corrected_status',
      'corrected.means as corrected_means',
      'corrected.effective_on as corrected_effective_on',
      'corrected.change_id as corrected_change',
    ])
    .where('positions.agreement_id', 'in', agreementIds)
    .where((eb) =>
      instant === null
        ? eb('positions.superseded_at', 'is', null)
        : eb.and([
            eb('positions.recorded_at', '<=', instant),
            eb.or([eb('positions.superseded_at', 'is', null), eb('positions.superseded_at', '>', instant)]),
          ]),
    )
    .$if(day !== null, (query) => query.where('positions.effective_day', '<=', day ?? ''))
    .orderBy('positions.agreement_id')
    .orderBy('positions.effective_day')
    .orderBy('positions.id')
    .execute()
  const evidence = await listEvidence(
    db,
    positions.map(({ id }) => id),
    instant,
  )
  return positions.map((position) => ({ ...position, evidence: evidence.get(position.id) ?? [] }))
}
export type ListedPosition = Awaited<ReturnType<typeof listPositions>>[number]

/** What a position rests on: a claim in a source, or a source alone. */
interface Evidence {
  claim_id: number | null
  source_id: number
  asserted_by: string | null
  /** 1 when the claim was withdrawn since. */
  withdrawn: number
  title: string | null
  publisher: string | null
  url: string | null
}

async function listEvidence(
  db: Reader,
  ids: readonly number[],
  instant: string | null,
): Promise<Map<number, Evidence[]>> {
  const found = new Map<number, Evidence[]>()
  if (ids.length === 0) return found
  const byClaim = await db
    .selectFrom('position_claims')
    .innerJoin('claims', 'claims.id', 'position_claims.claim_id')
    .select([
      'position_id',
      'claim_id',
      'source_id',
      'asserted_by',
      sql<number>`withdrawn_at is not null and withdrawn_at <= ${instant ?? LAST_INSTANT}`.as('withdrawn'),
    ])
    .where(among(db, 'position_id', ids))
    .orderBy('claim_id')
    .execute()
  const bySource = await db
    .selectFrom('position_sources')
    .select([
      'position_id',
      sql<number | null>`null`.as('claim_id'),
      'source_id',
      sql<string | null>`null`.as('asserted_by'),
      sql<number>`0`.as('withdrawn'),
    ])
    .where(among(db, 'position_id', ids))
    .orderBy('source_id')
    .execute()
  const rows = [...byClaim, ...bySource]
  const sources = await sourcesAt(
    db,
    rows.map(({ source_id }) => source_id),
    instant,
  )
  for (const { position_id, ...row } of rows) {
    const { title = null, publisher = null, url = null } = sources.get(row.source_id) ?? {}
    found.set(position_id, [...(found.get(position_id) ?? []), { ...row, title, publisher, url }])
  }
  return found
}
