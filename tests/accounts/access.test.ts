import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setDisabled, signOutEverywhere } from '../../src/accounts/commands.ts'
import { routesOf } from '../support/routes.ts'
import { PASSWORD, startTestApp, type Agent, type TestApp } from '../support/test-app.ts'

// Who may ask for what. A route that is not in the table fails this test, and so does one of the table that there is not.

/** The least role that a route asks for; `anybody` also of who is not logged in. */
const ACCESS: Record<string, 'anybody' | 'reader' | 'analyst' | 'admin'> = {
  'GET /healthz': 'anybody',
  'GET /setup': 'anybody',
  'POST /setup': 'anybody',
  'GET /login': 'anybody',
  'POST /login': 'anybody',
  'POST /logout': 'anybody',
  'GET /account': 'reader',
  'GET /account/new-password': 'anybody',
  'POST /account/new-password': 'anybody',
  'POST /account/password': 'reader',
  'GET /': 'anybody',
  'GET /agreements': 'anybody',
  'GET /agreements.csv': 'anybody',
  'GET /agreements.json': 'anybody',
  'GET /agreements/timeline': 'anybody',
  'GET /agreements/new': 'analyst',
  'POST /agreements': 'analyst',
  'GET /agreements/:reference': 'anybody',
  'GET /agreements/:reference/edit': 'analyst',
  'POST /agreements/:reference/edit': 'analyst',
  'GET /agreements/:reference/history': 'anybody',
  'GET /agreements/:reference/history.csv': 'anybody',
  'GET /agreements/:reference/history/:change/revert': 'analyst',
  'POST /agreements/:reference/history/:change/revert': 'analyst',
  'GET /agreements/:reference/compare': 'anybody',
  'GET /agreements/:reference/status': 'analyst',
  'POST /agreements/:reference/status': 'analyst',
  'GET /agreements/:reference/positions/:id/correct': 'analyst',
  'POST /agreements/:reference/positions/:id/correct': 'analyst',
  'GET /agreements/:reference/claims': 'anybody',
  'POST /agreements/:reference/claims': 'analyst',
  'GET /claims/new': 'analyst',
  'POST /claims': 'analyst',
  'GET /claims/:id': 'anybody',
  'POST /claims/:id/settle': 'analyst',
  'POST /claims/:id/reopen': 'analyst',
  'POST /claims/:id/withdraw': 'analyst',
  'POST /claims/:id/tie': 'analyst',
  'POST /claims/:id/untie': 'analyst',
  'GET /changes': 'anybody',
  'GET /changes.csv': 'anybody',
  'GET /changes/head': 'anybody',
  'GET /compare': 'anybody',
  'GET /compare.csv': 'anybody',
  'GET /parties': 'anybody',
  'GET /parties/:slug': 'anybody',
  'POST /parties/:slug/names': 'analyst',
  'GET /places': 'anybody',
  'GET /places/:slug': 'anybody',
  'POST /places/:slug/names': 'analyst',
  'GET /sources': 'anybody',
  'GET /sources/new': 'analyst',
  'POST /sources': 'analyst',
  'GET /sources/:id': 'anybody',
  'GET /sources/:id/edit': 'analyst',
  'POST /sources/:id/edit': 'analyst',
  'GET /admin': 'admin',
  'POST /admin/clock': 'admin',
  'POST /admin/users': 'admin',
  'POST /admin/users/:id/role': 'admin',
  'POST /admin/users/:id/disable': 'admin',
  'POST /admin/users/:id/enable': 'admin',
  'POST /admin/users/:id/sign-out': 'admin',
  'POST /admin/users/:id/password-link': 'admin',
}

/** Open also in a register that only members read. */
const ALWAYS_OPEN = new Set([
  'GET /healthz',
  'GET /setup',
  'POST /setup',
  'GET /login',
  'POST /login',
  'POST /logout',
  'GET /account/new-password',
  'POST /account/new-password',
])

/** Callers, and what each may do: their role, or nothing that asks for one. */
const CALLERS = {
  stranger: null,
  'with a cookie of their own making': null,
  'logged out': null,
  'signed out by an admin': null,
  disabled: null,
  reader: 'reader',
  analyst: 'analyst',
  approver: 'approver',
  admin: 'admin',
} as const
type Caller = keyof typeof CALLERS

const ROLES = ['reader', 'analyst', 'approver', 'admin'] as const

function mayAsk(caller: Caller, least: (typeof ACCESS)[string]): boolean {
  const role = CALLERS[caller]
  if (least === 'anybody') return true
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(least)
}

let app: TestApp
let closed: TestApp
const agents = new Map<Caller, Agent>()

beforeAll(async () => {
  app = await startTestApp({ seeds: true })
  closed = await startTestApp({ seeds: true, env: { CLAUSULA_PUBLIC: 'false' } })
  const admin = await app.addUser('admin', 'Another admin')
  for (const role of ROLES) agents.set(role, await app.logIn(role))
  agents.set('stranger', app.reader)
  const forged = supertest.agent(app.url)
  forged.jar.setCookie('clausula=s%3Aforged.c2lnbmF0dXJl', '127.0.0.1', '/')
  agents.set('with a cookie of their own making', forged)
  const gone = await app.logIn('admin')
  await gone.post('/logout').expect(303)
  agents.set('logged out', gone)
  for (const [caller, end] of [
    ['signed out by an admin', signOutEverywhere],
    [
      'disabled',
      (...[context, actor, id]: Parameters<typeof signOutEverywhere>) => setDisabled(context, actor, id, true),
    ],
  ] as const) {
    const user = await app.addUser('admin')
    const agent = supertest.agent(app.url)
    await agent.post('/login').type('form').send({ email: user.email, password: PASSWORD }).expect(303)
    await end(app.context, admin, user.id)
    agents.set(caller, agent)
  }
})
afterAll(async () => {
  await app.stop()
  await closed.stop()
})

test('the table has every route that there is, and no other', () => {
  const own = routesOf(app.context)
    .flatMap(({ path, methods }) => methods.map((method) => `${method} ${path}`))
    .filter((route) => !route.includes('/assets'))
  expect(own.toSorted()).toEqual(Object.keys(ACCESS).toSorted())
})

const addressOf = (route: string) =>
  (route.split(' ')[1] ?? '')
    .replace(':reference', 'RUS-SYR-2019-1')
    .replace(':slug', 'russian-federation')
    .replace(/:\w+/, '1')

/** What a caller is answered who may not: asked to log in, or refused. */
async function isRefused(agent: Agent, method: string, address: string): Promise<boolean> {
  const ask = { GET: agent.get(address), HEAD: agent.head(address), POST: agent.post(address).type('form').send({}) }[
    method
  ]
  const { status, headers } = await (ask ?? agent.get(address)).redirects(0)
  return status === 401 || status === 403 || (status === 303 && (headers['location'] ?? '').startsWith('/login?next='))
}

describe.each(Object.keys(CALLERS) as Caller[])('%s', (caller) => {
  // Whoever logs out ends what the others are asked about; setting up is refused by its token, whoever asks.
  const routes = Object.keys(ACCESS).filter((route) => !/\/(?:logout|setup)$/.test(route))

  test('is let through where the table says so, and nowhere else', async () => {
    const agent = agents.get(caller)
    if (!agent) throw new Error(`there is no ${caller}`)
    const wrong = []
    for (const route of routes) {
      const [method = ''] = route.split(' ')
      const expected = mayAsk(caller, ACCESS[route] ?? 'admin')
      for (const asked of method === 'GET' ? ['GET', 'HEAD'] : [method])
        if ((await isRefused(agent, asked, addressOf(route))) === expected) wrong.push(`${asked} ${route}`)
    }
    expect(wrong).toEqual([])
  })
})

test('a register that only members read lets nobody else read anything', async () => {
  const open = []
  for (const route of Object.keys(ACCESS)) {
    const [method = ''] = route.split(' ')
    if (ALWAYS_OPEN.has(route)) continue
    for (const asked of method === 'GET' ? ['GET', 'HEAD'] : [method])
      if (!(await isRefused(closed.reader, asked, addressOf(route)))) open.push(`${asked} ${route}`)
  }
  expect(open).toEqual([])
})
