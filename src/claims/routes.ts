import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { User } from '../accounts/user.ts'
import type { AppContext } from '../context.ts'
import { today } from '../time/clock.ts'
import { formatPartialDate } from '../time/partial-date.ts'
import { AppError, type FieldErrors } from '../errors.ts'
import { listChangesOf } from '../history/queries.ts'
import { isPast, type Moment, NOW } from '../time/moment.ts'
import { actor, requireRole } from '../accounts/current-user.ts'
import { flash } from '../web/flash.ts'
import { orShowAgain, parseForm, typed, type Typed } from '../forms/typed.ts'
import { takePage } from '../web/moment.ts'
import type { SendPage } from '../web/page.ts'
import { decisionForm, settleForm, tieForm } from './form.ts'
import { claimPage, type Entry } from './page.ts'
import { findClaim } from './queries.ts'
import { reopenClaim, settleClaim } from './settle.ts'
import { tieClaim, untieClaim } from './ties.ts'
import { withdrawClaim } from './withdraw.ts'

const BLANK: Entry = { typed: {}, errors: {} }

/** Each claim by itself, and what is decided about it. */
export function claimRoutes(context: AppContext, page: SendPage): Router {
  const routes = Router()
  const analyst = requireRole('analyst')
  routes.get('/claims/:id', (req, res) => showClaim(context, page, req, res, BLANK))
  for (const [verb, decide] of Object.entries(DECISIONS))
    routes.post(`/claims/:id/${verb}`, analyst, decision(context, page, verb, decide))
  return routes
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
