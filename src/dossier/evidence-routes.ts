import { Router } from 'express'
import { requireRole } from '../accounts/current-user.ts'
import { claimForm } from '../claims/form.ts'
import { ofKnownSource } from '../claims/page.ts'
import { recordClaim } from '../claims/record-claim.ts'
import { BLANK, type Filled } from '../forms/typed.ts'
import { dayOf } from '../time/moment.ts'
import { submit } from '../web/submit.ts'
import type { On, Visit } from '../web/visit.ts'
import { readDossier } from './dossier.ts'
import { parseEvidenceFilter } from './evidence-filter.ts'
import { evidencePage } from './evidence-page.ts'

/** The evidence for and against where an agreement stands, and the form that adds to it. */
export function evidenceRoutes(on: On): Router {
  const routes = Router()
  routes.get('/agreements/:reference/claims', on(showEvidence))
  routes.post('/agreements/:reference/claims', requireRole('analyst'), on(submitClaim))
  return routes
}

async function showEvidence(visit: Visit, filled: Filled = BLANK, status = 200): Promise<void> {
  const { moment, query, today, names } = visit
  const { db } = visit.context
  const dossier = await readDossier(db.read, visit.part('reference'), { moment, today, names })
  const asked = { filter: parseEvidenceFilter(query), day: dayOf(moment, today), filled }
  visit.page('dossier/evidence', { ...(await evidencePage(db.read, dossier, asked)), moment }, status)
}

async function submitClaim(visit: Visit): Promise<void> {
  const { context, actor } = visit
  const reference = visit.part('reference')
  await submit(visit, claimForm, {
    work: (claim) => recordClaim(context, actor, reference, claim),
    done: ({ id, known }) => ({
      to: `/agreements/${reference}/claims#claim-${id}`,
      said: `Claim ${id} is recorded.${ofKnownSource(known)}`,
    }),
    again: (filled, status) => showEvidence(visit, filled, status),
  })
}
