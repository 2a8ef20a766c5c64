import { Router } from 'express'
import { requireRole } from '../accounts/current-user.ts'
import { showConflict } from '../agreements/conflict.ts'
import { badFilter } from '../errors.ts'
import { BLANK, type Filled, texts } from '../forms/typed.ts'
import { changesSince } from '../history/since.ts'
import { notThere } from '../standing/find.ts'
import { NOW } from '../time/moment.ts'
import { requireNow } from '../web/moment.ts'
import { submit } from '../web/submit.ts'
import type { On, Visit } from '../web/visit.ts'
import { isStatus, STATUSES, statusLabel } from '../words/status.ts'
import { changeStatus } from './change.ts'
import { changeForm } from './change-form.ts'
import { changePage } from './change-page.ts'
import { correctPosition, readCorrected, standingInstead } from './correct.ts'
import { correctionForm } from './correct-form.ts'
import { correctionPage } from './correct-page.ts'
import { readBeside, readHolds } from './holds.ts'
import { listPositions } from './queries.ts'

/** The change of a status, and the correction of a position. */
export function positionRoutes(on: On): Router {
  const routes = Router()
  const analyst = requireRole('analyst')
  routes.get('/agreements/:reference/status', analyst, requireNow, on(openChange))
  routes.post('/agreements/:reference/status', analyst, on(submitChange))
  routes.get('/agreements/:reference/positions/:id/correct', analyst, requireNow, on(showCorrection))
  routes.post('/agreements/:reference/positions/:id/correct', analyst, on(submitCorrection))
  return routes
}

/** The form opens with the status that the address names, or none. */
async function openChange(visit: Visit): Promise<void> {
  const { to, ...others } = visit.query
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw badFilter({ [unknown.slice(0, 40)]: 'is not a parameter of this form' })
  if (to !== undefined && !(typeof to === 'string' && isStatus(to))) {
    throw badFilter({ to: `is not a status: give ${STATUSES.join(', ')}` })
  }
  await showChange(visit, to === undefined ? BLANK : { typed: { status: to }, errors: {} }, 200)
}

async function showChange(visit: Visit, filled: Filled, status: number): Promise<void> {
  const { db } = visit.context
  const holds = await readHolds(db.read, visit.part('reference'), visit.today)
  const beside = await readBeside(db.read, holds.agreement, visit.today)
  visit.page('positions/change', changePage({ ...holds, ...beside }, filled), status)
}

async function submitChange(visit: Visit): Promise<void> {
  const { context, actor } = visit
  const reference = visit.part('reference')
  await submit(visit, changeForm, {
    work: (change) => changeStatus(context, actor, reference, change),
    done: (_, { status }) => ({ to: `/agreements/${reference}`, said: `Recorded: ${statusLabel(status)}.` }),
    again: (filled, status) => showChange(visit, filled, status),
    second: () => showConflict(visit),
  })
}

async function showCorrection(visit: Visit, filled?: Filled, status = 200): Promise<void> {
  const { db } = visit.context
  const holds = await readHolds(db.read, visit.part('reference'), visit.today)
  const { agreement } = holds
  const asked = visit.number('id')
  // Whoever comes second corrects what the first one left.
  const id = status === 409 ? await standingInstead(db.read, asked) : asked
  await readCorrected(db.read, agreement, id)
  const positions = await listPositions(db.read, [agreement.id], NOW, visit.names)
  const position = positions.find((one) => one.id === id)
  if (!position) throw notThere(agreement.reference, NOW)
  const opened = Number(texts(filled?.typed ?? {}, 'opened')[0] ?? agreement.version)
  const since = await changesSince(db.read, agreement, opened)
  visit.page('positions/correct', { ...correctionPage({ ...holds, positions }, position, filled), since }, status)
}

async function submitCorrection(visit: Visit): Promise<void> {
  const { context, actor } = visit
  const reference = visit.part('reference')
  await submit(visit, correctionForm, {
    work: (correction) => correctPosition(context, actor, reference, visit.number('id'), correction),
    done: () => ({
      to: `/agreements/${reference}`,
      said: 'The correction is recorded; what it replaces stays in the history.',
    }),
    again: (filled, status) => showCorrection(visit, filled, status),
    advice: 'What changed stands below; then send the correction again',
  })
}
