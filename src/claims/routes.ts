import { Router } from 'express'
import type { z } from 'zod'
import { requireRole } from '../accounts/current-user.ts'
import type { User } from '../accounts/user.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { BLANK, type Filled } from '../forms/typed.ts'
import { listChangesOf } from '../history/queries.ts'
import { isPast, type Moment, NOW } from '../time/moment.ts'
import { formatPartialDate } from '../time/partial-date.ts'
import { onlyMoment } from '../web/moment.ts'
import { submit } from '../web/submit.ts'
import type { On, Visit } from '../web/visit.ts'
import { decisionForm, settleForm, tieForm } from './form.ts'
import { claimPage } from './page.ts'
import { findClaim } from './queries.ts'
import { reopenClaim, settleClaim } from './settle.ts'
import { tieClaim, untieClaim } from './ties.ts'
import { withdrawClaim } from './withdraw.ts'

/** Each claim by itself, and what is decided about it. */
export function claimRoutes(on: On): Router {
  const routes = Router()
  const analyst = requireRole('analyst')
  routes.get('/claims/:id', on(showClaim))
  for (const [verb, decide] of Object.entries(DECISIONS))
    routes.post(
      `/claims/:id/${verb}`,
      analyst,
      on((visit) => decide(visit, verb)),
    )
  return routes
}

async function showClaim(visit: Visit, filled: Filled = BLANK, status = 200): Promise<void> {
  const moment = onlyMoment(visit)
  const { names } = visit
  const claim = await foundClaim(visit, moment)
  const changes = await listChangesOf(visit.context.db.read, `claim:${claim.id}`, { moment, names })
  visit.page('claims/show', { ...claimPage(claim, changes, filled), moment }, status)
}

async function foundClaim(visit: Visit, moment: Moment) {
  const { today, names } = visit
  const claim = await findClaim(visit.context.db.read, visit.number('id'), { moment, today, names })
  if (!claim)
    throw new AppError(
      'not_found',
      `There is no claim ${visit.part('id').slice(0, 40)}${isPast(moment) ? ' that was recorded by then' : ''}: see /sources for what was said where.`,
    )
  if (moment.day !== null && claim.counts_from > moment.day)
    throw new AppError('not_found', `Claim ${claim.id} was not made yet on ${formatPartialDate(moment.day)}.`)
  return claim
}

/** What can be decided about a claim, by the last part of the address: the form, the command, what is said afterwards. */
const DECISIONS: Record<string, (visit: Visit, verb: string) => Promise<void>> = {
  withdraw: decide(decisionForm, withdrawClaim, 'The claim is withdrawn.'),
  settle: decide(settleForm, settleClaim, 'The claim is settled.'),
  reopen: decide(settleForm, reopenClaim, 'The claim is open again.'),
  tie: decide(tieForm, tieClaim, 'The claim is tied: both count once.'),
  untie: decide(decisionForm, untieClaim, 'The claim stands for itself again.'),
}

/** Whoever comes second sees what the first one did, with what was typed kept (409). */
function decide<Decision>(
  form: z.ZodType<Decision>,
  command: (context: AppContext, actor: User, id: number, decision: Decision) => Promise<void>,
  said: string,
) {
  return async (visit: Visit, verb: string): Promise<void> => {
    const { context, actor } = visit
    const { id } = await foundClaim(visit, NOW)
    await submit(visit, form, {
      work: (decision) => command(context, actor, id, decision),
      done: () => ({ to: `/claims/${id}`, said }),
      again: ({ typed, errors }, status) => showClaim(visit, { typed: { ...typed, asked: verb }, errors }, status),
    })
  }
}
