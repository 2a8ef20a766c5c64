import { Router } from 'express'
import { z } from 'zod'
import { requireRole } from '../accounts/current-user.ts'
import { wideClaimForm } from '../claims/form.ts'
import { ofKnownSource } from '../claims/page.ts'
import { AppError, type FieldErrors } from '../errors.ts'
import { TEXT } from '../forms/fields.ts'
import { parseQuery } from '../forms/query.ts'
import { type Filled, texts, type Typed } from '../forms/typed.ts'
import { requireNow } from '../web/moment.ts'
import { submit } from '../web/submit.ts'
import type { On, Visit } from '../web/visit.ts'
import { STANCES } from '../words/claim.ts'
import { newClaimPage } from './claim-page.ts'
import { coveredAgreements, recordWideClaim } from './covered.ts'
import { filterQuery, parseFilter } from './filter.ts'

/** A claim about several agreements, or all of a list's filter. */
export function wideClaimRoutes(on: On): Router {
  const routes = Router()
  const analyst = requireRole('analyst')
  routes.get('/claims/new', analyst, requireNow, on(openWide))
  routes.post('/claims', analyst, on(submitWide))
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
async function openWide(visit: Visit): Promise<void> {
  const { source, stance, agreements, ...query } = visit.query
  const opened = parseQuery(opening, { source, stance, agreements })
  const isFiltered = opened.agreements !== undefined || Object.keys(query).length > 0
  const filter = isFiltered ? filterQuery({ ...parseFilter(query), page: 1 }) : null
  const typed: Typed = {
    ...(opened.source === undefined ? {} : { source: opened.source }),
    ...(opened.stance === undefined ? {} : { stance: opened.stance }),
  }
  await showWide(visit, { typed, errors: {} }, filter, 200)
}

async function showWide(visit: Visit, { typed, errors }: Filled, filter: string | null, status: number): Promise<void> {
  const { today } = visit
  const { db } = visit.context
  const references = (texts(typed, 'agreements')[0] ?? '')
    .slice(0, TEXT)
    .split(/[\s,;]+/)
    .filter(Boolean)
  const asked = { references: references.map((one) => one.toUpperCase()), filter, previewed: null }
  const unknown: FieldErrors = {}
  const covered = await coveredAgreements(db.read, asked, today).catch(async (error: unknown) => {
    if (!(error instanceof AppError)) throw error
    Object.assign(unknown, error.fields)
    // A wrong reference does not hide what the filter has.
    return coveredAgreements(db.read, { ...asked, references: [] }, today).catch(() => [])
  })
  const filled = { typed, errors: { ...unknown, ...errors } }
  visit.page('list/claim', await newClaimPage(db.read, { covered, filter, filled }), status)
}

async function submitWide(visit: Visit): Promise<void> {
  const { context, actor, body } = visit
  await submit(visit, wideClaimForm, {
    work: (claim) => recordWideClaim(context, actor, claim),
    done: ({ id, known, count }) => ({
      to: `/claims/${id}`,
      said: `Claim ${id} is recorded about ${count} ${count === 1 ? 'agreement' : 'agreements'}.${ofKnownSource(known)}`,
    }),
    again: (filled, status) => showWide(visit, filled, texts(body, 'filter')[0] || null, status),
  })
}
