import { Router } from 'express'
import { requireRole } from '../accounts/current-user.ts'
import { BLANK, type Filled } from '../forms/typed.ts'
import { requireNow } from '../web/moment.ts'
import { submit } from '../web/submit.ts'
import type { On, Visit } from '../web/visit.ts'
import { refuseAlike } from './alike.ts'
import { showConflict } from './conflict.ts'
import { createAgreement } from './create.ts'
import { describeEditable } from './described.ts'
import { editAgreement } from './edit.ts'
import { createForm, editForm } from './form.ts'
import { editPage, newPage } from './page.ts'

/** Entering and editing agreements. */
export function agreementRoutes(on: On): Router {
  const routes = Router()
  const analyst = requireRole('analyst')
  routes.get('/agreements/new', analyst, requireNow, on(showNew))
  routes.post('/agreements', analyst, on(submitNew))
  routes.get('/agreements/:reference/edit', analyst, requireNow, on(showEdit))
  routes.post('/agreements/:reference/edit', analyst, on(submitEdit))
  return routes
}

async function showNew(visit: Visit, filled: Filled = BLANK, status = 200): Promise<void> {
  visit.page('agreements/new', await newPage(visit.context.db.read, filled), status)
}

async function submitNew(visit: Visit): Promise<void> {
  const { context, actor, body } = visit
  await submit(visit, createForm, {
    work: async ({ entry, position, confirmed }) => {
      await refuseAlike(context.db.read, body)
      return createAgreement(context, actor, entry, position, { confirmed })
    },
    done: ({ reference }) => ({ to: `/agreements/${reference}`, said: `${reference} is in the register.` }),
    again: (filled, status) => showNew(visit, filled, status),
  })
}

async function showEdit(visit: Visit, filled?: Filled, status = 200): Promise<void> {
  const { db } = visit.context
  const present = await describeEditable(db.read, visit.part('reference'), visit.today)
  visit.page('agreements/edit', await editPage(db.read, present, filled), status)
}

async function submitEdit(visit: Visit): Promise<void> {
  const { context, actor, body } = visit
  const reference = visit.part('reference')
  await submit(visit, editForm, {
    work: async ({ entry, edit }) => {
      await refuseAlike(context.db.read, body)
      await editAgreement(context, actor, reference, entry, edit)
    },
    done: () => ({ to: `/agreements/${reference}`, said: 'The edit is recorded.' }),
    again: (filled, status) => showEdit(visit, filled, status),
    second: () => showConflict(visit),
  })
}
