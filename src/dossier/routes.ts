import { type Request, type Response, Router } from 'express'
import type { AppContext } from '../context.ts'
import { today } from '../time/clock.ts'
import { takeMoment } from '../web/moment.ts'
import type { SendPage } from '../web/page.ts'
import { readDossier } from './dossier.ts'
import { parseEvidenceFilter } from './evidence-filter.ts'
import { dossierPage } from './page.ts'

/** An agreement with everything that is known of it. */
export function dossierRoutes(context: AppContext, page: SendPage): Router {
  const routes = Router()
  routes.get('/agreements/:reference', (req, res) => showDossier(context, page, req, res))
  return routes
}

async function showDossier(
  { db, kept, clock }: AppContext,
  page: SendPage,
  req: Request,
  res: Response,
): Promise<void> {
  const { moment, query } = takeMoment(req.query, clock)
  const filter = parseEvidenceFilter(query)
  const reference = String(req.params['reference'])
  const day = today(clock)
  const question = `dossier ${day} ${JSON.stringify({ reference, moment, filter })}`
  const props = await kept.answer(question, async () =>
    dossierPage(await readDossier(db.read, reference, moment, day), { filter, moment, today: day }),
  )
  page(req, res, 'dossier/show', { ...props, moment })
}
