import { Router } from 'express'
import { z } from 'zod'
import { acceptClock, doubtedClock } from '../database/believed.ts'
import { AppError } from '../errors.ts'
import { BLANK, type Filled } from '../forms/typed.ts'
import { changesAhead, explainAhead } from '../history/ahead.ts'
import { headOfChanges } from '../history/queries.ts'
import { instant } from '../time/clock.ts'
import { explainDoubt } from '../time/doubt.ts'
import { type Done, submit } from '../web/submit.ts'
import type { On, Visit } from '../web/visit.ts'
import { ROLES } from '../words/role.ts'
import { makePasswordLink, type PasswordLink } from './password-link.ts'
import { addUser, changeRole, setDisabled, signOutEverywhere } from './commands.ts'
import { requireRole } from './current-user.ts'
import { newUserForm, roleForm } from './form.ts'
import { SHORTEST_PASSWORD } from './password-rules.ts'
import { listUsers } from './queries.ts'

/** `/admin`: the accounts of the register. */
export function adminRoutes(on: On): Router {
  const routes = Router()
  const admin = requireRole('admin')
  routes.get('/admin', admin, on(showAdmin))
  routes.post('/admin/clock', admin, on(submitClock))
  routes.post('/admin/users', admin, on(submitUser))
  for (const [verb, press] of Object.entries(BUTTONS)) routes.post(`/admin/users/:id/${verb}`, admin, on(press))
  return routes
}

async function showAdmin(visit: Visit, { typed, errors }: Filled = BLANK, status = 200): Promise<void> {
  const title = status === 422 ? 'Error: Accounts' : 'Accounts'
  const { password: _, ...values } = typed
  const users = await listUsers(visit.context.db.read)
  const clock = await readClock(visit)
  const props = { title, users, clock, roles: ROLES, values, errors, shortest: SHORTEST_PASSWORD }
  visit.page('accounts/admin', props, status)
}

/** What is said of the clock where something is wrong with it, and whether it can be said that it is right. */
async function readClock({ context: { db, clock } }: Visit): Promise<{ said: string; canBeRight: boolean } | null> {
  const newest = await headOfChanges(db.read, null)
  const doubt = await doubtedClock(db.read, clock, newest?.recorded_at ?? null)
  if (doubt) return { said: explainDoubt(doubt), canBeRight: true }
  const ahead = await changesAhead(db.read, instant(clock))
  return ahead ? { said: explainAhead(ahead), canBeRight: false } : null
}

async function submitClock(visit: Visit): Promise<void> {
  const { context, actor } = visit
  await submit(visit, buttonForm, {
    work: () => acceptClock(context),
    done: (now) => {
      context.log.warn({ actor: actor.id, now }, 'an admin said that the clock is right')
      return { to: '/admin', said: 'The clock is right: changes are recorded again.' }
    },
    again: ({ errors }, again) => showAdmin(visit, { typed: {}, errors }, again),
  })
}

async function submitUser(visit: Visit): Promise<void> {
  const { context, actor } = visit
  await submit(visit, newUserForm, {
    work: (user) => addUser(context, actor, user),
    done: ({ name }) => ({ to: '/admin', said: `${name} has an account.` }),
    again: (filled, status) => showAdmin(visit, filled, status),
  })
}

/** A form that is a button and nothing else. */
const buttonForm = z.unknown()

/** The buttons on one account, by the last part of the address. */
const BUTTONS: Record<string, (visit: Visit) => Promise<void>> = {
  role: button(roleForm, 'The role is changed.', ({ context, actor }, id, { role }) =>
    changeRole(context, actor, id, role),
  ),
  disable: button(buttonForm, 'The account is disabled and signed out.', ({ context, actor }, id) =>
    setDisabled(context, actor, id, true),
  ),
  enable: button(buttonForm, 'The account is enabled.', ({ context, actor }, id) =>
    setDisabled(context, actor, id, false),
  ),
  'password-link': (visit) =>
    onAccount(visit, buttonForm, {
      work: (id) => makePasswordLink(visit.context, visit.actor, id),
      done: (link) => ({ show: () => showLink(visit, link) }),
    }),
  'sign-out': button(buttonForm, 'The account is signed out everywhere.', ({ context, actor }, id) =>
    signOutEverywhere(context, actor, id),
  ),
}

/** A button on one account: does `work`, says so, and shows the list again. */
function button<Data>(
  form: z.ZodType<Data>,
  said: string,
  work: (visit: Visit, id: number, data: Data) => Promise<void>,
) {
  return (visit: Visit): Promise<void> =>
    onAccount(visit, form, { work: (id, data) => work(visit, id, data), done: () => ({ to: '/admin', said }) })
}

/** Does something with the account that the address names. */
async function onAccount<Data, Result>(
  visit: Visit,
  form: z.ZodType<Data>,
  { work, done }: { work: (id: number, data: Data) => Promise<Result>; done: (result: Result) => Done },
): Promise<void> {
  const id = visit.number('id')
  if (id === 0) throw new AppError('not_found', 'There is no such account.')
  await submit(visit, form, {
    work: (data) => work(id, data),
    done,
    again: ({ errors }, status) => showAdmin(visit, { typed: {}, errors }, status),
  })
}

/** The one time that a link is shown. */
function showLink(visit: Visit, { path, expires_at, name }: PasswordLink): void {
  const address = `${visit.context.config.baseUrl}${path}`
  visit.page('accounts/password-link', { title: 'A link for a new password', address, expires_at, name })
}
