import { type Request, type Response, Router } from 'express'
import { readDossier } from './dossier.ts'
import type { AppContext } from '../context.ts'
import { today } from '../time/clock.ts'
import type { FieldErrors } from '../errors.ts'
import { dayOf } from '../time/moment.ts'
import { actor, requireRole } from '../accounts/current-user.ts'
import { flash } from '../web/flash.ts'
import { orShowAgain, parseForm, typed } from '../forms/typed.ts'
import { takeMoment } from '../web/moment.ts'
import type { SendPage } from '../web/page.ts'
import { claimForm } from '../claims/form.ts'
import { parseEvidenceFilter } from './evidence-filter.ts'
import { type Entry, ofKnownSource } from '../claims/page.ts'
import { evidencePage } from './evidence-page.ts'
import { recordClaim } from '../claims/record-claim.ts'

const BLANK: Entry = { typed: {}, errors: {} }

/** The evidence for and against where an agreement stands, and the form that adds to it. */
export function evidenceRoutes(context: AppContext, page: SendPage): Router {
  const routes = Router()
  routes.get('/agreements/:reference/claims', (req, res) => showEvidence(context, page, req, res, BLANK))
  routes.post('/agreements/:reference/claims', requireRole('analyst'), (req, res) =>
    submitClaim(context, page, req, res),
  )
  return routes
}

async function showEvidence(
  context: AppContext,
  page: SendPage,
  req: Request,
  res: Response,
  entry: Entry,
  status = 200,
): Promise<void> {
  const { db, clock } = context
  const { moment, query } = takeMoment(req.method === 'POST' ? {} : req.query, clock)
  const reference = String(req.params['reference'])
  const dossier = await readDossier(db.read, reference, moment, today(clock))
  page(
    req,
    res,
    'dossier/evidence',
    {
      ...(await evidencePage(db.read, dossier, {
        filter: parseEvidenceFilter(query),
        day: dayOf(moment, today(clock)),
        entry,
      })),
      moment,
    },
    status,
  )
}

async function submitClaim(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const reference = String(req.params['reference'])
  const again = (errors: FieldErrors) => showEvidence(context, page, req, res, { typed: typed(req.body), errors }, 422)
  const form = parseForm(claimForm, req.body)
  if (!form.ok) return again(form.errors)
  await orShowAgain(again, async () => {
    const { id, known } = await recordClaim(context, actor(req), reference, form.data)
    flash(res, `Claim ${id} is recorded.${ofKnownSource(known)}`)
    res.redirect(303, `/agreements/${reference}/claims#claim-${id}`)
  })
}
