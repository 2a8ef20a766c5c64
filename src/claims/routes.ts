import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { User } from '../accounts/user.ts'
import { texts } from '../agreements/alike.ts'
import { findDossier } from '../agreements/dossier.ts'
import { filterQuery, parseFilter } from '../agreements/filter.ts'
import { notThere } from '../agreements/find.ts'
import type { AppContext } from '../context.ts'
import { today } from '../dates/clock.ts'
import { formatPartialDate } from '../dates/partial-date.ts'
import { AppError, type FieldErrors } from '../errors.ts'
import { listChangesOf } from '../history/queries.ts'
import { dayOf, isPast, type Moment, NOW } from '../standing/moment.ts'
import { actor, requireRole } from '../web/current-user.ts'
import { flash } from '../web/flash.ts'
import { orShowAgain, parseForm, typed, type Typed } from '../web/forms.ts'
import { requireNow, takeMoment, takePage } from '../web/moment.ts'
import type { SendPage } from '../web/page.ts'
import { claimForm, decisionForm, settleForm, tieForm, wideClaimForm } from './claim-form.ts'
import { reopenClaim, settleClaim } from './settle.ts'
import { tieClaim, untieClaim } from './ties.ts'
import { withdrawClaim } from './withdraw.ts'
import { parseEvidenceFilter } from './evidence-filter.ts'
import { claimPage, type Entry, evidencePage, newClaimPage } from './pages.ts'
import { findClaim } from './queries.ts'
import { coveredAgreements, recordClaim, recordWideClaim } from './record-claim.ts'
import { STANCES } from './claim.ts'
import { parseQuery } from '../forms/query.ts'
import { z } from 'zod'

const BLANK: Entry = { typed: {}, errors: {} }

/** The evidence of an agreement, and each claim by itself. */
export function claimRoutes(context: AppContext, page: SendPage): Router {
  const routes = Router()
  const analyst = requireRole('analyst')
  routes.get('/agreements/:reference/claims', (req, res) => showEvidence(context, page, req, res, BLANK))
  routes.post('/agreements/:reference/claims', analyst, (req, res) => submitClaim(context, page, req, res))
  routes.get('/claims/new', analyst, requireNow, (req, res) => showNew(context, page, req, res))
  routes.post('/claims', analyst, (req, res) => submitWide(context, page, req, res))
  routes.get('/claims/:id', (req, res) => showClaim(context, page, req, res, BLANK))
  for (const [verb, decide] of Object.entries(DECISIONS))
    routes.post(`/claims/:id/${verb}`, analyst, decision(context, page, verb, decide))
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
  const dossier = await findDossier(db.read, reference, moment, today(clock))
  if (!dossier) throw notThere(reference, moment)
  page(
    req,
    res,
    'claims/evidence',
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
  page(req, res, 'claims/new', await newClaimPage(db.read, { covered, filter, entry: told }), status)
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

function ofKnownSource(known: number | null): string {
  return known === null
    ? ''
    : ` Its source was recorded already, as source ${known}, and is left as it is: edit it there.`
}

async function showClaim(
  { db, clock }: AppContext,
  page: SendPage,
  req: Request,
  res: Response,
  entry: Entry,
  status = 200,
): Promise<void> {
  const { moment } = req.method === 'POST' ? { moment: NOW } : takePage(req.query, clock)
  const claim = await foundClaim({ db, clock }, req, moment)
  const changes = await listChangesOf(db.read, `claim:${claim.id}`, moment)
  page(req, res, 'claims/show', { ...claimPage(claim, changes, entry), moment }, status)
}

async function foundClaim({ db, clock }: Pick<AppContext, 'db' | 'clock'>, req: Request, moment: Moment) {
  const text = String(req.params['id'])
  const claim = /^[1-9]\d{0,14}$/.test(text) ? await findClaim(db.read, Number(text), moment, today(clock)) : undefined
  if (!claim)
    throw new AppError(
      'not_found',
      `There is no claim ${text.slice(0, 40)}${isPast(moment) ? ' that was recorded by then' : ''}: see /sources for what was said where.`,
    )
  if (moment.day !== null && claim.counts_from > moment.day)
    throw new AppError('not_found', `Claim ${claim.id} was not made yet on ${formatPartialDate(moment.day)}.`)
  return claim
}

type Decide = (context: AppContext, user: User, id: number, body: unknown) => Promise<FieldErrors | string>

/** What can be decided about a claim: the last part of the address, the form, the command, what is said afterwards. */
const DECISIONS: Record<string, Decide> = {
  withdraw: decideBy(decisionForm, withdrawClaim, 'The claim is withdrawn.'),
  settle: decideBy(
    settleForm,
    (context, user, id, { agreement, ...rest }) => settleClaim(context, user, id, { ...rest, agreements: agreement }),
    'The claim is settled.',
  ),
  reopen: decideBy(
    settleForm,
    (context, user, id, { agreement, ...rest }) => reopenClaim(context, user, id, { ...rest, agreements: agreement }),
    'The claim is open again.',
  ),
  tie: decideBy(tieForm, tieClaim, 'The claim is tied: both count once.'),
  untie: decideBy(decisionForm, untieClaim, 'The claim stands for itself again.'),
}

function decideBy<Output>(
  schema: Parameters<typeof parseForm<Output>>[0],
  command: (context: AppContext, user: User, id: number, decision: Output) => Promise<void>,
  done: string,
): Decide {
  return async (context, user, id, body) => {
    const form = parseForm(schema, body)
    if (!form.ok) return form.errors
    await command(context, user, id, form.data)
    return done
  }
}

/** Whoever comes second sees what the first one did, with what was typed kept (409). */
function decision(context: AppContext, page: SendPage, verb: string, decide: Decide): RequestHandler {
  return async (req, res) => {
    const { id } = await foundClaim(context, req, NOW)
    const body: Typed = { ...typed(req.body), asked: verb }
    const again = (errors: FieldErrors, status = 422) =>
      showClaim(context, page, req, res, { typed: body, errors }, status)
    try {
      await orShowAgain(again, async () => {
        const answer = await decide(context, actor(req), id, req.body)
        if (typeof answer !== 'string') return again(answer)
        flash(res, answer)
        res.redirect(303, `/claims/${id}`)
      })
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error
      const { ['seen']: _seen, ...kept } = body
      await showClaim(context, page, req, res, { typed: kept, errors: { '': error.message } }, 409)
    }
  }
}
