import { type Request, type Response, Router } from 'express'
import { findDossier } from '../dossier/dossier.ts'
import { notThere } from '../standing/find.ts'
import type { AppContext } from '../context.ts'
import { today } from '../time/clock.ts'
import { AppError, type FieldErrors } from '../errors.ts'
import { NOW } from '../time/moment.ts'
import { actor, requireRole } from '../accounts/current-user.ts'
import { flash } from '../web/flash.ts'
import { orShowAgain, parseForm, texts, typed, type Typed } from '../forms/typed.ts'
import { requireNow } from '../web/moment.ts'
import type { SendPage } from '../web/page.ts'
import { changesSince } from '../history/since.ts'
import { correctPosition, readCorrected, standingInstead } from './correct.ts'
import { correctionForm } from './correct-form.ts'
import { correctionPage } from './correct-page.ts'

/** The correction of a position. */
export function positionRoutes(context: AppContext, page: SendPage): Router {
  const routes = Router()
  const analyst = requireRole('analyst')
  routes.get('/agreements/:reference/positions/:id/correct', analyst, requireNow, (req, res) =>
    showForm(context, page, req, res, { typed: null, errors: {} }, 200),
  )
  routes.post('/agreements/:reference/positions/:id/correct', analyst, (req, res) =>
    submitForm(context, page, req, res),
  )
  return routes
}

async function showForm(
  { db, clock }: AppContext,
  page: SendPage,
  req: Request,
  res: Response,
  entry: { typed: Typed | null; errors: FieldErrors },
  status: number,
): Promise<void> {
  const reference = String(req.params['reference'])
  const day = today(clock)
  const dossier = await findDossier(db.read, reference, NOW, day)
  if (!dossier) throw notThere(reference, NOW)
  const { agreement } = dossier
  const opened = Number(texts(entry.typed ?? {}, 'opened')[0] ?? agreement.version)
  // Whoever comes second corrects what the first one left.
  const id = status === 409 ? await standingInstead(db.read, positionId(req)) : positionId(req)
  await readCorrected(db.read, agreement, id)
  const position = dossier.positions.find((one) => one.id === id)
  if (!position) throw notThere(reference, NOW)
  const since = await changesSince(db.read, agreement, opened)
  page(req, res, 'positions/correct', { ...correctionPage(dossier, position, { ...entry, today: day }), since }, status)
}

async function submitForm(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const reference = String(req.params['reference'])
  const body = typed(req.body)
  const again = (errors: FieldErrors, status = 422, kept: Typed = body) =>
    showForm(context, page, req, res, { typed: kept, errors }, status)
  const form = parseForm(correctionForm, req.body)
  if (!form.ok) return again(form.errors)
  try {
    await orShowAgain(again, async () => {
      await correctPosition(context, actor(req), reference, positionId(req), form.data)
      flash(res, 'The correction is recorded; what it replaces stays in the history.')
      res.redirect(303, `/agreements/${reference}`)
    })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error
    const { ['version']: opened = '', ...kept } = body
    await again({ '': `${error.message} What changed stands below; then send the correction again` }, 409, {
      ...kept,
      opened,
    })
  }
}

function positionId(req: Request): number {
  const text = String(req.params['id'])
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0
}
