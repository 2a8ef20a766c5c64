import { type Request, type Response, Router } from 'express'
import { actor, requireRole } from '../accounts/current-user.ts'
import { orConflict } from '../agreements/conflict.ts'
import type { AppContext } from '../context.ts'
import { AppError, badFilter, type FieldErrors } from '../errors.ts'
import { orShowAgain, parseForm, texts, typed, type Typed } from '../forms/typed.ts'
import { changesSince } from '../history/since.ts'
import { notThere } from '../standing/find.ts'
import { today } from '../time/clock.ts'
import { NOW } from '../time/moment.ts'
import { flash } from '../web/flash.ts'
import { requireNow } from '../web/moment.ts'
import type { SendPage } from '../web/page.ts'
import { isStatus, STATUSES, statusLabel } from '../words/status.ts'
import { changeStatus } from './change.ts'
import { changeForm } from './change-form.ts'
import { changePage } from './change-page.ts'
import { correctPosition, readCorrected, standingInstead } from './correct.ts'
import { correctionForm } from './correct-form.ts'
import { correctionPage } from './correct-page.ts'
import { readHolds } from './holds.ts'

/** The change of a status, and the correction of a position. */
export function positionRoutes(context: AppContext, page: SendPage): Router {
  const routes = Router()
  const analyst = requireRole('analyst')
  routes.get('/agreements/:reference/status', analyst, requireNow, (req, res) => showChange(context, page, req, res))
  routes.post('/agreements/:reference/status', analyst, (req, res) => submitChange(context, page, req, res))
  routes.get('/agreements/:reference/positions/:id/correct', analyst, requireNow, (req, res) =>
    showCorrection(context, page, req, res, { typed: null, errors: {} }, 200),
  )
  routes.post('/agreements/:reference/positions/:id/correct', analyst, (req, res) =>
    submitCorrection(context, page, req, res),
  )
  return routes
}

async function showChange({ db, clock }: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const { to, ...others } = req.query
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw badFilter({ [unknown.slice(0, 40)]: 'is not a parameter of this form' })
  if (to !== undefined && !(typeof to === 'string' && isStatus(to))) {
    throw badFilter({ to: `is not a status: give ${STATUSES.join(', ')}` })
  }
  const opened = to === undefined ? {} : { status: to }
  const holds = await readHolds(db.read, reference(req), today(clock))
  page(req, res, 'positions/change', changePage(holds, { typed: opened, errors: {} }))
}

async function submitChange(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const { db, clock } = context
  const again = async (errors: FieldErrors) => {
    const holds = await readHolds(db.read, reference(req), today(clock))
    page(req, res, 'positions/change', changePage(holds, { typed: typed(req.body), errors }), 422)
  }
  const form = parseForm(changeForm, req.body)
  if (!form.ok) return again(form.errors)
  await orConflict(context, page, req, res, again, async () => {
    await changeStatus(context, actor(req), reference(req), form.data)
    flash(res, `Recorded: ${statusLabel(form.data.status)}.`)
    res.redirect(303, `/agreements/${reference(req)}`)
  })
}

async function showCorrection(
  { db, clock }: AppContext,
  page: SendPage,
  req: Request,
  res: Response,
  entry: { typed: Typed | null; errors: FieldErrors },
  status: number,
): Promise<void> {
  const holds = await readHolds(db.read, reference(req), today(clock))
  const { agreement } = holds
  const opened = Number(texts(entry.typed ?? {}, 'opened')[0] ?? agreement.version)
  // Whoever comes second corrects what the first one left.
  const id = status === 409 ? await standingInstead(db.read, positionId(req)) : positionId(req)
  await readCorrected(db.read, agreement, id)
  const position = holds.positions.find((one) => one.id === id)
  if (!position) throw notThere(reference(req), NOW)
  const since = await changesSince(db.read, agreement, opened)
  page(req, res, 'positions/correct', { ...correctionPage(holds, position, entry), since }, status)
}

async function submitCorrection(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const body = typed(req.body)
  const again = (errors: FieldErrors, status = 422, kept: Typed = body) =>
    showCorrection(context, page, req, res, { typed: kept, errors }, status)
  const form = parseForm(correctionForm, req.body)
  if (!form.ok) return again(form.errors)
  try {
    await orShowAgain(again, async () => {
      await correctPosition(context, actor(req), reference(req), positionId(req), form.data)
      flash(res, 'The correction is recorded; what it replaces stays in the history.')
      res.redirect(303, `/agreements/${reference(req)}`)
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

function reference(req: Request): string {
  return String(req.params['reference'])
}

function positionId(req: Request): number {
  const text = String(req.params['id'])
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0
}
