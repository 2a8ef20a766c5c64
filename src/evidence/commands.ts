import type { Schema, SourcesTable } from '../database/schema.ts'
import type { Unit } from '../database/unit.ts'
import type { Means, Status } from '../agreements/status.ts'
import { statusLabel } from '../agreements/status.ts'
import type { PartialDate } from '../dates/partial-date.ts'
import { filled } from '../history/change.ts'
import { recordChange } from '../history/record.ts'
import { type Stance, stanceVerb } from './claim.ts'
import { contradicts } from './contested.ts'

export type NewSource = Pick<SourcesTable, 'title' | 'publisher' | 'url' | 'published_on'>

export interface NewClaim {
  source_id: number
  asserted_by: string
  stance: Stance
  status: Status
  means: Means | null
  effective_on: PartialDate | null
  said_on: PartialDate | null
  credibility: number | null
  note: string | null
  scope: string | null
  status_fit: 'exact' | 'approximate'
}

/** The source with this address (or, without one, of this title, publisher and day); recorded if it is new. Its id. */
export async function findOrAddSource(unit: Unit, source: NewSource): Promise<number> {
  const known = await unit.trx
    .selectFrom('sources')
    .select('id')
    .where((eb) =>
      source.url !== null
        ? eb('url', '=', source.url)
        : eb.and([
            eb('url', 'is', null),
            eb('title', 'is', source.title),
            eb('publisher', 'is', source.publisher),
            eb('published_on', 'is', source.published_on),
          ]),
    )
    .limit(1)
    .executeTakeFirst()
  if (known) return known.id
  const { id } = await unit.trx
    .insertInto('sources')
    .values({ ...source, lang: null, read_on: null, reliability: null, recorded_at: unit.at })
    .returning('id')
    .executeTakeFirstOrThrow()
  await recordChange(unit, { kind: 'source_added', subject: `source:${id}`, after: filled({ ...source }) })
  return id
}

/** Records what somebody said about one or many agreements. It moves no position. Its id. */
export async function addClaim(
  unit: Unit,
  claim: NewClaim,
  agreements: readonly { id: number; reference: string }[],
): Promise<number> {
  const { id } = await unit.trx
    .insertInto('claims')
    .values({ ...claim, recorded_at: unit.at, recorded_by: unit.actor.id, withdrawn_at: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  await unit.trx
    .insertInto('claim_agreements')
    .values(agreements.map((agreement) => ({ claim_id: id, agreement_id: agreement.id })))
    .execute()
  const { asserted_by, stance, status, means, said_on, note, scope } = claim
  await recordChange(unit, {
    kind: 'claim_added',
    subject: `claim:${id}`,
    ...(agreements.length === 1 && agreements[0] ? { agreement: agreements[0].id } : {}),
    after: filled({
      claim: `${asserted_by} ${stanceVerb(stance)} ${statusLabel(status)}`,
      stance,
      status,
      means,
      effective_on: claim.effective_on,
      said_on,
      asserted_by,
      note,
      scope,
      agreements: agreements.map(({ reference }) => reference),
      sources: [await describeSource(unit, claim.source_id)],
    }),
  })
  const rows = await unit.trx
    .selectFrom('agreements')
    .select(['id', 'status', 'status_since'])
    .where(
      'id',
      'in',
      agreements.map((agreement) => agreement.id),
    )
    .execute()
  for (const row of rows) await refreshContested(unit, row)
  return id
}

/** A source in one line, as the history quotes it: title, publisher, address. */
export async function describeSource(unit: Unit, id: number): Promise<string> {
  const { title, publisher, url } = await unit.trx
    .selectFrom('sources')
    .select(['title', 'publisher', 'url'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return [title, publisher, url].filter((part) => part !== null).join(', ')
}

/** Works out anew whether a standing claim contradicts an agreement's position. */
export async function refreshContested(
  unit: Unit,
  { id, status, status_since }: Pick<Schema['agreements'], 'status' | 'status_since'> & { id: number },
): Promise<void> {
  const claims = await unit.trx
    .selectFrom('claim_agreements')
    .innerJoin('claims', 'claims.id', 'claim_agreements.claim_id')
    .select(['stance', 'status', 'effective_on'])
    .where('agreement_id', '=', id)
    .where('withdrawn_at', 'is', null)
    .execute()
  const contested = claims.some((claim) => contradicts(claim, { status, effective_on: status_since })) ? 1 : 0
  await unit.trx
    .updateTable('agreements')
    .set({ contested })
    .where('id', '=', id)
    .where('contested', '!=', contested)
    .execute()
}
