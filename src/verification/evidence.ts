import { sql } from 'kysely'
import type { Reader } from '../database/schema.ts'
import type { ChangedFields } from '../history/change.ts'
import type { ToldSource } from '../history/change.ts'
import { searchedText } from '../words/source.ts'
import { Fault, isSameValue } from './fault.ts'
import { readSubjects, type ToldChange } from './told.ts'

const AT_ONCE = 500
const CLAIM_FIELDS = ['asserted_by', 'stance', 'status', 'means', 'effective_on', 'said_on', 'note', 'scope'] as const
const SOURCE_FIELDS = ['title', 'publisher', 'url', 'published_on', 'lang', 'read_on', 'reliability'] as const

/** Holds every claim and every source against the changes that recorded them. */
export async function checkEvidence(db: Reader): Promise<{ claims: number }> {
  let claims = 0
  for await (const ids of idsOf(db, 'claims')) {
    await checkClaims(db, ids)
    claims += ids.length
  }
  for await (const ids of idsOf(db, 'sources')) await checkSources(db, ids)
  return { claims }
}

async function* idsOf(db: Reader, table: 'claims' | 'sources'): AsyncGenerator<number[]> {
  for (let last = 0; ;) {
    const rows = await db.selectFrom(table).select('id').where('id', '>', last).orderBy('id').limit(AT_ONCE).execute()
    if (rows.length === 0) return
    yield rows.map(({ id }) => id)
    last = rows.at(-1)?.id ?? last
  }
}

async function checkClaims(db: Reader, ids: readonly number[]): Promise<void> {
  const claims = await db.selectFrom('claims').selectAll().where('id', 'in', ids).execute()
  const about = await db
    .selectFrom('claim_agreements')
    .innerJoin('agreements', 'agreements.id', 'claim_agreements.agreement_id')
    .select(['claim_id', sql<string>`string_agg(reference, ' ')`.as('references')])
    .where('claim_id', 'in', ids)
    .groupBy('claim_id')
    .execute()
  const changes = await readSubjects(db, 'claim', ids)
  const covered = new Map(about.map(({ claim_id, references }) => [claim_id, references.split(' ').sort()]))
  for (const claim of claims) {
    const own = changes.get(claim.id) ?? []
    const added = own.find(({ kind }) => kind === 'claim_added')
    if (!added) throw new Fault(`claim ${claim.id} follows from no change`)
    const wrong = CLAIM_FIELDS.find((field) => !isSameValue(claim[field], added.after[field]))
    if (wrong !== undefined) throw new Fault(`claim ${claim.id} does not say of ${wrong} what change ${added.id} says`)
    // Entries of the first version of this program did not tell the credibility.
    const isTold = added.stored.status_fit !== undefined || added.after['credibility'] !== undefined
    if (isTold && !isSameValue(claim.credibility, added.after['credibility']))
      throw new Fault(`claim ${claim.id} does not say of credibility what change ${added.id} says`)
    const told = added.after['agreements']
    if (!isSameValue(covered.get(claim.id) ?? [], (Array.isArray(told) ? told : []).map(String).sort()))
      throw new Fault(`claim ${claim.id} is about other agreements than change ${added.id} says`)
    if (claim.source_id !== sourceOf(added, claim.source_id))
      throw new Fault(`claim ${claim.id} does not say of source_id what change ${added.id} says`)
    if (claim.status_fit !== (added.stored.status_fit ?? claim.status_fit) || claim.recorded_by !== added.actor)
      throw new Fault(`claim ${claim.id} does not say of status_fit or recorded_by what change ${added.id} says`)
    const withdrawn = own.find(({ kind }) => kind === 'claim_withdrawn')
    if (claim.recorded_at !== added.recorded_at || claim.withdrawn_at !== (withdrawn?.recorded_at ?? null))
      throw new Fault(`claim ${claim.id} was not recorded or withdrawn when its changes say`)
  }
}

async function checkSources(db: Reader, ids: readonly number[]): Promise<void> {
  const sources = await db.selectFrom('sources').selectAll().where('id', 'in', ids).execute()
  const changes = await readSubjects(db, 'source', ids)
  for (const source of sources) {
    const own = changes.get(source.id) ?? []
    if (own[0]?.kind !== 'source_added') throw new Fault(`source ${source.id} follows from no change`)
    const told = Object.assign({}, ...own.map(({ after }) => after)) as ChangedFields
    const wrong = SOURCE_FIELDS.find((field) => !isSameValue(source[field], told[field]))
    if (wrong !== undefined) throw new Fault(`source ${source.id} does not say of ${wrong} what its changes say`)
    if (source.recorded_at !== own[0].recorded_at)
      throw new Fault(`source ${source.id} does not say of recorded_at what change ${own[0].id} says`)
    if (source.folded !== searchedText(source))
      throw new Fault(`source ${source.id} is found by other letters than its own (folded)`)
  }
}

/** The source that an entry tells; what is stored, in entries of earlier versions, which told it in words. */
function sourceOf({ after }: ToldChange, stored: number): number {
  const [told] = Array.isArray(after['sources']) ? (after['sources'] as (ToldSource | string)[]) : []
  return typeof told === 'object' ? told.id : stored
}
