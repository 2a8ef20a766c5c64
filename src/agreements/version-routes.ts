import { Router } from 'express'
import { z } from 'zod'
import { requireRole } from '../accounts/current-user.ts'
import { AppError, badFilter } from '../errors.ts'
import { requiredText, version } from '../forms/fields.ts'
import { parseQuery } from '../forms/query.ts'
import { BLANK, type Filled } from '../forms/typed.ts'
import { shownField } from '../history/page.ts'
import { findChange } from '../history/queries.ts'
import { findAgreement } from '../standing/find.ts'
import { NOW } from '../time/moment.ts'
import { requireNow } from '../web/moment.ts'
import { submit } from '../web/submit.ts'
import type { On, Visit } from '../web/visit.ts'
import { isEdit, notAnEdit, revertEdit } from './revert.ts'
import { revertPage } from './revert-page.ts'
import { compareVersions, listVersions } from './versions.ts'

/** The versions of an agreement: two of them side by side, and the way back from an edit. */
export function versionRoutes(on: On): Router {
  const routes = Router()
  const analyst = requireRole('analyst')
  routes.get('/agreements/:reference/compare', on(showComparison))
  routes.get('/agreements/:reference/history/:change/revert', analyst, requireNow, on(showRevert))
  routes.post('/agreements/:reference/history/:change/revert', analyst, on(submitRevert))
  return routes
}

const number = z
  .string({ error: 'may be given once only' })
  .regex(/^[1-9]\d{0,8}$/, 'is not a version: give a whole number from 1')
  .transform(Number)
const versions = z.strictObject({ from: number.optional(), to: number.optional() })

async function showComparison(visit: Visit): Promise<void> {
  const { moment, query } = visit
  const { db } = visit.context
  const asked = parseQuery(versions, query)
  const agreement = await findAgreement(db.read, visit.part('reference'), moment, visit.today)
  const to = asked.to ?? agreement.version
  const from = asked.from ?? Math.max(1, to - 1)
  for (const [name, one] of Object.entries({ from, to }))
    if (one > agreement.version)
      throw badFilter({ [name]: `there is no version ${one}: ${agreement.reference} has ${agreement.version}` })
  visit.page('agreements/compare', {
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

async function showRevert(visit: Visit, filled: Filled = BLANK, status = 200): Promise<void> {
  const { db } = visit.context
  const agreement = await findAgreement(db.read, visit.part('reference'), NOW, visit.today)
  const id = visit.number('change')
  const change = await findChange(db.read, agreement.id, id)
  if (!change) throw new AppError('not_found', `${agreement.reference} has no change ${id}: see its history.`)
  if (!isEdit(change.kind)) throw notAnEdit()
  visit.page('agreements/revert', await revertPage(db.read, agreement, change, filled), status)
}

async function submitRevert(visit: Visit): Promise<void> {
  const { context, actor } = visit
  const reference = visit.part('reference')
  const change = visit.number('change')
  await submit(visit, revertForm, {
    work: (revert) => revertEdit(context, actor, reference, { change, ...revert }),
    done: () => ({ to: `/agreements/${reference}`, said: 'The edit is taken back.' }),
    again: (filled, status) => showRevert(visit, filled, status),
    advice: 'What changed stands below; then send this again',
  })
}
