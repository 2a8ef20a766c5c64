import type { Dossier } from './dossier.ts'
import { type Filled, titled } from '../forms/typed.ts'
import type { Reader } from '../database/schema.ts'
import { describeClaim } from '../words/claim.ts'
import { evidenceTable } from './evidence.ts'
import type { EvidenceFilter } from './evidence-filter.ts'
import { claimFormProps } from '../claims/page.ts'

/** The props of `dossier/evidence`: what is said about one agreement, and the form that adds to it. */
export async function evidencePage(
  db: Reader,
  dossier: Dossier,
  { filter, day, filled }: { filter: EvidenceFilter; day: string; filled: Filled },
) {
  const { agreement, claims, positions } = dossier
  const held = { status: agreement.status, effective_on: agreement.status_since, day }
  return {
    title: titled(`Evidence: ${agreement.reference}`, filled.errors),
    agreement,
    evidence: evidenceTable(claims, positions, held, filter),
    address: `/agreements/${agreement.reference}/claims`,
    ...(await claimFormProps(db, filled)),
    statements: claims.map((claim) => ({ id: claim.id, label: describeClaim(claim) })),
  }
}
