import { type SqlBool, sql } from 'kysely'
import { countsFrom } from '../standing/contested.ts'
import type { Reader } from '../database/schema.ts'
import { titleThen } from '../standing/title.ts'
import { supersededBy } from '../standing/superseded.ts'
import { agreementsAt } from '../standing/at.ts'
import { LAST_INSTANT, type Moment } from '../time/moment.ts'
import { sourcesAt } from './at.ts'

/** A source with every claim in it and every position and fact that rests on it; undefined where there is none then. */
export async function findSource(db: Reader, id: number, moment: Moment, today: string) {
  const { instant } = moment
  const source = (await sourcesAt(db, [id], instant)).get(id)
  if (!source || (instant !== null && source.recorded_at > instant)) return undefined
  const claims = await db
    .selectFrom('claims')
    .select([
      'id',
      'asserted_by',
      'stance',
      'status',
      'means',
      'effective_on',
      'said_on',
      'credibility',
      'note',
      'scope',
      'withdrawn_at',
    ])
    .where('source_id', '=', id)
    .where('recorded_at', '<=', instant ?? LAST_INSTANT)
    .orderBy('id')
    .execute()
  const about = await db
    .selectFrom('claim_agreements')
    .innerJoin('claims', 'claims.id', 'claim_agreements.claim_id')
    .innerJoin('agreements', 'agreements.id', 'claim_agreements.agreement_id')
    .select(['claim_id', 'reference', titleThen(instant).as('title')])
    .where('source_id', '=', id)
    .orderBy('reference_sort')
    .execute()
  const positions = await db
    .selectFrom('positions')
    .innerJoin('agreements', 'agreements.id', 'positions.agreement_id')
    .select([
      'positions.id',
      'reference',
      titleThen(instant).as('title'),
      'positions.status',
      'positions.means',
      'effective_on',
      supersededBy(instant).as('superseded_at'),
    ])
    .where(
      sql<SqlBool>`positions.id in (select position_id from position_sources where source_id = ${id}
        union select position_id from position_claims join claims on claims.id = claim_id where source_id = ${id})`,
    )
    .where('recorded_at', '<=', instant ?? LAST_INSTANT)
    .$if(moment.day !== null, (query) => query.where('effective_day', '<=', moment.day ?? ''))
    .orderBy('positions.id')
    .execute()
  const stood = await db
    .selectFrom(agreementsAt(moment, today))
    .select(['id', 'reference', 'title'])
    .where('id', 'in', (eb) => eb.selectFrom('agreement_sources').select('agreement_id').where('source_id', '=', id))
    .orderBy('reference_sort')
    .execute()
  const isSaid = (claim: (typeof claims)[number]) =>
    moment.day === null || countsFrom({ ...claim, published_on: source.published_on }) <= moment.day
  return {
    source,
    claims: claims.filter(isSaid).map(({ withdrawn_at, ...claim }) => ({
      ...claim,
      withdrawn: withdrawn_at !== null && (instant === null || withdrawn_at <= instant),
      agreements: about.filter(({ claim_id }) => claim_id === claim.id),
    })),
    positions,
    facts: stood,
  }
}
export type FoundSource = NonNullable<Awaited<ReturnType<typeof findSource>>>
