import type { Reader } from '../database/schema.ts'

/** The claims about an agreement with their sources, in the order in which they were said. */
export async function listClaims(db: Reader, agreementId: number) {
  const rows = await db
    .selectFrom('claim_agreements')
    .innerJoin('claims', 'claims.id', 'claim_agreements.claim_id')
    .innerJoin('sources', 'sources.id', 'claims.source_id')
    .select([
      'claims.id',
      'claims.asserted_by',
      'claims.stance',
      'claims.status',
      'claims.means',
      'claims.effective_on',
      'claims.said_on',
      'claims.credibility',
      'claims.note',
      'claims.scope',
      'claims.status_fit',
      'sources.title as source_title',
      'sources.publisher',
      'sources.url',
      'sources.published_on',
      'sources.reliability',
    ])
    .where('agreement_id', '=', agreementId)
    .where('withdrawn_at', 'is', null)
    .execute()
  const day = (claim: (typeof rows)[number]) => claim.said_on ?? claim.published_on ?? claim.effective_on ?? ''
  return rows.sort((a, b) => (day(a) < day(b) ? -1 : day(a) > day(b) ? 1 : a.id - b.id))
}
export type ListedClaim = Awaited<ReturnType<typeof listClaims>>[number]

/** The sources of an agreement's facts. */
export async function listFactSources(db: Reader, agreementId: number) {
  return db
    .selectFrom('agreement_sources')
    .innerJoin('sources', 'sources.id', 'agreement_sources.source_id')
    .select(['sources.id', 'title', 'publisher', 'url', 'published_on'])
    .where('agreement_id', '=', agreementId)
    .orderBy('sources.id')
    .execute()
}
