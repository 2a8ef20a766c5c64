import { type Request, type Response, Router } from 'express'
import { z } from 'zod'
import { orShowAgain, parseForm, texts, typed, type Typed } from '../forms/typed.ts'
import { filterQuery, parseFilter } from './filter.ts'
import type { AppContext } from '../context.ts'
import { today } from '../time/clock.ts'
import { AppError, type FieldErrors } from '../errors.ts'
import { parseQuery } from '../forms/query.ts'
import { actor, requireRole } from '../accounts/current-user.ts'
import { flash } from '../web/flash.ts'
import { requireNow } from '../web/moment.ts'
import type { SendPage } from '../web/page.ts'
import { STANCES } from '../words/claim.ts'
import { wideClaimForm } from '../claims/form.ts'
import { type Entry, ofKnownSource } from '../claims/page.ts'
import { newClaimPage } from './claim-page.ts'
import { coveredAgreements, recordWideClaim } from './covered.ts'

/** A claim about several agreements, or all of a list's filter. */
export function wideClaimRoutes(context: AppContext, page: SendPage): Router {
  const routes = Router()
  const analyst = requireRole('analyst')
  routes.get('/claims/new', analyst, requireNow, (req, res) => showNew(context, page, req, res))
  routes.post('/claims', analyst, (req, res) => submitWide(context, page, req, res))
  return routes
}

const opening = z.object({
  source: z
    .string({ error: 'may be given once only' })
    .regex(/^[1-9]\d{0,14}$/, 'is not a source: give its number')
    .optional(),
  stance: z.enum(STANCES, { error: `is not a stance: give ${STANCES.join(', ')}` }).optional(),
  agreements: z.enum(['filtered'], { error: 'is not an answer: give filtered' }).optional(),
})

/** The form opens with the agreements of a list's filter, a source, or nothing. */
async function showNew(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const { source, stance, agreements, ...query } = req.query
  const opened = parseQuery(opening, { source, stance, agreements })
  const isFiltered = opened.agreements !== undefined || Object.keys(query).length > 0
  const filter = isFiltered ? filterQuery({ ...parseFilter(query), page: 1 }) : null
  const typedBefore: Typed = {
    ...(opened.source === undefined ? {} : { source: opened.source }),
    ...(opened.stance === undefined ? {} : { stance: opened.stance }),
  }
  await showWide(context, page, req, res, { typed: typedBefore, errors: {} }, filter)
}

async function showWide(
  { db, clock }: AppContext,
  page: SendPage,
  req: Request,
  res: Response,
  entry: Entry,
  filter: string | null,
  status = 200,
): Promise<void> {
  const references = (texts(entry.typed, 'agreements')[0] ?? '').split(/[\s,;]+/).filter(Boolean)
  const asked = { references: references.map((one) => one.toUpperCase()), filter, previewed: null }
  const day = today(clock)
  const errors: FieldErrors = {}
  const covered = await coveredAgreements(db.read, asked, day).catch(async (error: unknown) => {
    if (!(error instanceof AppError)) throw error
    Object.assign(errors, error.fields)
    // A wrong reference does not hide what the filter has.
    return coveredAgreements(db.read, { ...asked, references: [] }, day).catch(() => [])
  })
  const told = { ...entry, errors: { ...errors, ...entry.errors } }
  page(req, res, 'list/claim', await newClaimPage(db.read, { covered, filter, entry: told }), status)
}

async function submitWide(context: AppContext, page: SendPage, req: Request, res: Response): Promise<void> {
  const body = typed(req.body)
  const filter = texts(body, 'filter')[0] || null
  const again = (errors: FieldErrors) => showWide(context, page, req, res, { typed: body, errors }, filter, 422)
  const form = parseForm(wideClaimForm, req.body)
  if (!form.ok) return again(form.errors)
  await orShowAgain(again, async () => {
    const { id, known, count } = await recordWideClaim(context, actor(req), form.data)
    flash(
      res,
      `Claim ${id} is recorded about ${count} ${count === 1 ? 'agreement' : 'agreements'}.${ofKnownSource(known)}`,
    )
    res.redirect(303, `/claims/${id}`)
  })
}
