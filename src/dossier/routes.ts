import { Router } from 'express'
import type { On, Visit } from '../web/visit.ts'
import { readDossier } from './dossier.ts'
import { parseEvidenceFilter } from './evidence-filter.ts'
import { dossierPage } from './page.ts'

/** An agreement with everything that is known of it. */
export function dossierRoutes(on: On): Router {
  const routes = Router()
  routes.get('/agreements/:reference', on(showDossier))
  return routes
}

async function showDossier(visit: Visit): Promise<void> {
  const { moment, today, names } = visit
  const { db } = visit.context
  const filter = parseEvidenceFilter(visit.query)
  const reference = visit.part('reference')
  const question = `dossier ${today} ${JSON.stringify({ reference, moment, filter })}`
  const props = await visit.remember(question, async () =>
    dossierPage(await readDossier(db.read, reference, { moment, today, names }), { filter, moment, today }),
  )
  visit.page('dossier/show', { ...props, moment })
}
