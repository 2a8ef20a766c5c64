import { sql } from 'kysely'
import { among } from '../database/engines/among.ts'
import type { Reader } from '../database/schema.ts'
import { supersededBy } from '../standing/superseded.ts'
import { titleThen } from '../standing/title.ts'
import { sourcesAt } from '../sources/at.ts'
import { agreementsAt } from '../standing/at.ts'
import { heldAt, knownAt } from '../time/known.ts'
import type { Moment } from '../time/moment.ts'
import { countsFrom } from '../standing/contested.ts'
import { actorName } from '../history/actor.ts'
import type { Names } from '../words/person.ts'

/** The claims about agreements as they stood at a moment: recorded, not withdrawn, said by then. */
function selectClaims(db: Reader, { instant }: Moment, names: Names) {
  return db
    .selectFrom('claim_agreements as about')
    .innerJoin('claims', 'claims.id', 'about.claim_id')
    .leftJoin('claim_ties as tie', (join) => join.onRef('tie.claim_id', '=', 'claims.id').on(knownAt(instant, 'tie')))
    .leftJoin('claim_settlements as settled', (join) =>
      join
        .onRef('settled.claim_id', '=', 'claims.id')
        .onRef('settled.agreement_id', '=', 'about.agreement_id')
        .on(heldAt(instant, 'settled.settled_at', 'settled.reopened_at')),
    )
    .leftJoin('users as settler', 'settler.id', 'settled.settled_by')
    .select([
      'about.agreement_id',
      'claims.id',
      'claims.source_id',
      'asserted_by',
      'stance',
      'claims.status',
      'claims.means',
      'effective_on',
      'said_on',
      'credibility',
      'note',
      'scope',
      'status_fit',
      'claims.recorded_at',
      'settled.settled_at',
      'settled.reason as settled_because',
      actorName(names, 'settler').as('settled_by'),
      sql<number>`coalesce(tie.statement_id, claims.id)`.as('statement_id'),
    ])
    .where(heldAt(instant, 'claims.recorded_at', 'withdrawn_at'))
}

/** The claims about some agreements at a moment, with their sources as known then, in the order in which they were said. */
export async function listClaims(db: Reader, agreementIds: readonly number[], moment: Moment, names: Names) {
  if (agreementIds.length === 0) return []
  const rows = await selectClaims(db, moment, names).where('about.agreement_id', 'in', agreementIds).execute()
  const sources = await sourcesAt(
    db,
    rows.map(({ source_id }) => source_id),
    moment.instant,
  )
  return rows
    .map((row) => {
      const source = sources.get(row.source_id)
      if (!source) throw new Error(`claim ${row.id} has no source`)
      const { title: source_title, publisher, url, published_on, reliability, lang: source_lang } = source
      return { ...row, source_title, publisher, url, published_on, reliability, source_lang }
    })
    .map((claim) => ({ ...claim, counts_from: countsFrom(claim) }))
    .filter(({ counts_from }) => moment.day === null || counts_from <= moment.day)
    .sort((a, b) => (a.counts_from < b.counts_from ? -1 : a.counts_from > b.counts_from ? 1 : a.id - b.id))
}
export type ListedClaim = Awaited<ReturnType<typeof listClaims>>[number]

/** A claim with all its agreements and whether it is withdrawn; undefined where there is none at the moment. */
export async function findClaim(
  db: Reader,
  id: number,
  { moment, today, names }: { moment: Moment; today: string; names: Names },
) {
  const { instant } = moment
  const claim = await db
    .selectFrom('claims')
    .selectAll('claims')
    .where('claims.id', '=', id)
    .$if(instant !== null, (query) => query.where('recorded_at', '<=', instant ?? ''))
    .executeTakeFirst()
  if (!claim) return undefined
  const agreements = await db
    .selectFrom('claim_agreements as about')
    .innerJoin('agreements', 'agreements.id', 'about.agreement_id')
    .leftJoin('claim_settlements as settled', (join) =>
      join
        .onRef('settled.claim_id', '=', 'about.claim_id')
        .onRef('settled.agreement_id', '=', 'about.agreement_id')
        .on(heldAt(instant, 'settled.settled_at', 'settled.reopened_at')),
    )
    .leftJoin('users as settler', 'settler.id', 'settled.settled_by')
    .select([
      'agreements.id',
      'reference',
      titleThen(instant).as('title'),
      'settled_at',
      'reason as settled_because',
      actorName(names, 'settler').as('settled_by'),
    ])
    .where('about.claim_id', '=', id)
    .orderBy('reference_sort')
    .execute()
  const then = await db
    .selectFrom(agreementsAt(moment, today))
    .select(['id', 'title', 'status'])
    .where(
      among(
        db,
        'id',
        agreements.map((one) => one.id),
      ),
    )
    .execute()
  const ties = await db
    .selectFrom('claim_ties as tie')
    .innerJoin('claims', (join) =>
      join.on(sql<boolean>`claims.id = case when tie.claim_id = ${id} then tie.statement_id else tie.claim_id end`),
    )
    .select(['tie.statement_id', 'claims.id', 'asserted_by', 'stance', 'claims.status'])
    .where((eb) => eb.or([eb('tie.claim_id', '=', id), eb('tie.statement_id', '=', id)]))
    .where(knownAt(instant, 'tie'))
    .orderBy('claims.id')
    .execute()
  const [source] = (await sourcesAt(db, [claim.source_id], instant)).values()
  const positions = await db
    .selectFrom('position_claims')
    .innerJoin('positions', 'positions.id', 'position_claims.position_id')
    .innerJoin('agreements', 'agreements.id', 'positions.agreement_id')
    .select([
      'reference',
      'positions.status',
      'positions.means',
      'effective_on',
      supersededBy(instant).as('superseded_at'),
    ])
    .where('claim_id', '=', id)
    .$if(instant !== null, (query) => query.where('positions.recorded_at', '<=', instant ?? ''))
    .orderBy('positions.id')
    .execute()
  return {
    ...claim,
    counts_from: countsFrom({ ...claim, published_on: source?.published_on ?? null }),
    withdrawn: claim.withdrawn_at !== null && (instant === null || claim.withdrawn_at <= instant),
    /** With how each stood at the moment; `status` is null where it did not stand. */
    agreements: agreements.map((agreement) => {
      const stood = then.find((one) => one.id === agreement.id)
      return { ...agreement, title: stood?.title ?? agreement.title, status: stood?.status ?? null }
    }),
    /** The claim whose statement it repeats. */
    original: ties.find(({ statement_id, id: other }) => statement_id === other) ?? null,
    copies: ties.filter(({ statement_id }) => statement_id === id),
    source: source ?? null,
    positions,
  }
}
export type FoundClaim = NonNullable<Awaited<ReturnType<typeof findClaim>>>
