import { type Request, type Response, Router } from 'express'
import { z } from 'zod'
import type { AppContext } from '../context.ts'
import { today } from '../time/clock.ts'
import { AppError, badFilter, type FieldErrors } from '../errors.ts'
import { requiredText, version } from '../forms/fields.ts'
import { parseQuery } from '../forms/query.ts'
import { shownChange, shownField } from '../history/page.ts'
import { findChange } from '../history/queries.ts'
import { NOW } from '../time/moment.ts'
import { actor, requireRole } from '../accounts/current-user.ts'
import { flash } from '../web/flash.ts'
import { orShowAgain, parseForm, texts, titled, typed, type Typed } from '../forms/typed.ts'
import { requireNow, takeMoment } from '../web/moment.ts'
import type { SendPage } from '../web/page.ts'
import { findAgreement } from '../standing/find.ts'
import { changesSince } from '../history/since.ts'
import { isEdit, notAnEdit, revertEdit } from './revert.ts'
import { compareVersions, listVersions } from './versions.ts'

/** The versions of an agreement: two of them side by side, and the way back from an edit. */
export function versionRoutes(context: AppContext, page: SendPage): Router {
  const routes = Router()
  const analyst = requireRole('analyst')
  routes.get('/agreements/:reference/compare', (req, res) => showComparison(context, page, req, res))
  routes.get('/agreements/:reference/history/:change/revert', analyst, requireNow, (req, res) =>
    showRevert(context, page, req, res, { typed: {}, errors: {} }, 200),
  )
  routes.post('/agreements/:reference/history/:change/revert', analyst, (req, res) =>
    submitRevert(context, page, req, res),
  )
  return routes
}

const number = z
  .string({ error: 'may be given once only' })
  .regex(/^[1-9]\d{0,8}$/, 'is not a version: give a whole number from 1')
  .transform(Number)
const versions = z.strictObject({ from: number.optional(), to: number.optional() })

async function showComparison({ db, clock }: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const { moment, query } = takeMoment(req.query, clock)
  const asked = parseQuery(versions, query)
  const agreement = await findAgreement(db.read, String(req.params['reference']), moment, today(clock))
  const to = asked.to ?? agreement.version
  const from = asked.from ?? Math.max(1, to - 1)
  for (const [name, one] of Object.entries({ from, to }))
    if (one > agreement.version)
      throw badFilter({ [name]: `there is no version ${one}: ${agreement.reference} has ${agreement.version}` })
  page(req, res, 'agreements/compare', {
    title: `Versions ${from} and ${to} of ${agreement.reference}`,
    agreement,
    from,
    to,
    versions: await listVersions(db.read, agreement.id, agreement.version),
    fields: (await compareVersions(db.read, agreement.id, from, to)).map(shownField),
    moment,
  })
}

const revertForm = z.strictObject({
  reason: requiredText('Say why the edit is taken back'),
  version,
})

async function showRevert(
  { db, clock }: AppContext,
  page: SendPage,
  req: Request,
  res: Response,
  { typed: body, errors }: { typed: Typed; errors: FieldErrors },
  status: number,
): Promise<void> {
  const agreement = await findAgreement(db.read, String(req.params['reference']), NOW, today(clock))
  const change = await findChange(db.read, agreement.id, changeId(req))
  if (!change)
    throw new AppError('not_found', `${agreement.reference} has no change ${changeId(req)}: see its history.`)
  if (!isEdit(change.kind)) throw notAnEdit()
  const opened = Number(texts(body, 'opened')[0] ?? agreement.version)
  page(
    req,
    res,
    'agreements/revert',
    {
      title: titled(`Take back an edit: ${agreement.reference}`, errors),
      agreement,
      change: shownChange(change),
      since: await changesSince(db.read, agreement, opened),
      reason: texts(body, 'reason')[0] ?? '',
      version: texts(body, 'version')[0] ?? String(agreement.version),
      errors,
    },
    status,
  )
}

async function submitRevert(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const reference = String(req.params['reference'])
  const body = typed(req.body)
  const again = (errors: FieldErrors, status = 422, kept: Typed = body) =>
    showRevert(context, page, req, res, { typed: kept, errors }, status)
  const form = parseForm(revertForm, req.body)
  if (!form.ok) return again(form.errors)
  try {
    await orShowAgain(again, async () => {
      await revertEdit(context, actor(req), reference, { change: changeId(req), ...form.data })
      flash(res, 'The edit is taken back.')
      res.redirect(303, `/agreements/${reference}`)
    })
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error
    const { ['version']: opened = '', ...kept } = body
    await again({ '': `${error.message} What changed stands below; then send this again` }, 409, { ...kept, opened })
  }
}

function changeId(req: Request): number {
  const text = String(req.params['change'])
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0
}
