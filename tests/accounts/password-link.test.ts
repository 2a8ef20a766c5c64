import supertest from 'supertest'
import { beforeEach, describe, expect, test } from 'vitest'
import { entriesOf } from '../support/asked.ts'
import { command } from '../support/program.ts'
import { verified } from '../support/verified.ts'
import { type Agent, PASSWORD, testApp, type TestApp } from '../support/test-app.ts'

const NEXT = 'another long walk'

let app: TestApp
let admin: Agent
let ada: { id: number; email: string }
beforeEach(async () => {
  app = await testApp()
  admin = await app.logIn('admin', 'Root')
  ada = await app.addUser('analyst', 'Ada')
})

const logIn = (password: string, agent: Agent = supertest.agent(app.url)) =>
  agent.post('/login').type('form').send({ email: ada.email, password })
const linkIn = (text: string) => /\/account\/new-password\?token=([\w-]+)/.exec(text)?.[1] ?? ''
const makeLink = async () => linkIn((await admin.post(`/admin/users/${ada.id}/password-link`).expect(200)).text)
const open = (token: string, agent: Agent = app.reader) => agent.get(`/account/new-password?token=${token}`)
const set = (token: string, new_password = NEXT, agent: Agent = app.reader) =>
  agent.post('/account/new-password').type('form').send({ token, new_password })
const kept = async () =>
  JSON.stringify([
    await app.context.db.read.selectFrom('settings').selectAll().execute(),
    await app.context.db.read.selectFrom('changes').selectAll().execute(),
  ])

describe('a link for a new password', () => {
  test('is made by an admin, shown once, and kept as a hash', async () => {
    const { text, headers } = await admin.post(`/admin/users/${ada.id}/password-link`).expect(200)
    const token = linkIn(text)
    expect(token).toMatch(/^\d+-[\w-]{32}$/)
    expect(text).toContain('until 24 Nov 2026, 12:00 UTC')
    expect(headers['cache-control']).toBe('no-store')
    expect(await kept()).not.toContain(token)
    expect((await admin.get('/admin').expect(200)).text).not.toContain(token)
    const entries = await entriesOf(app, { subject: `user:${ada.id}` })
    expect(entries.at(-1)).toMatchObject({ kind: 'user_password_link_made', after: { account: 'Ada' }, before: null })
    expect((await admin.get('/changes').expect(200)).text).toContain(
      'made a one-time link with which Ada sets a new password',
    )
  })

  test('sets one, logs in, ends every other session, and then works no more', async () => {
    const elsewhere = supertest.agent(app.url)
    await logIn(PASSWORD, elsewhere).expect(303)
    const token = await makeLink()
    await elsewhere.get('/account').expect(200)
    expect((await open(token).expect(200)).text).toContain(ada.email)
    expect((await set(token).expect(303)).headers['location']).toBe('/account')
    expect((await app.reader.get('/account').expect(200)).text).toContain('Your new password is set')
    await elsewhere.get('/account').expect(303)
    await logIn(PASSWORD).expect(422)
    await logIn(NEXT).expect(303)
    await open(token).expect(410)
    await set(token, 'a third long walk').expect(410)
    await logIn(NEXT).expect(303)
    const last = (await entriesOf(app, { subject: `user:${ada.id}` })).at(-1)
    expect(last).toMatchObject({ kind: 'user_password_changed', actor: ada.id, after: { account: 'Ada' } })
    expect(await verified(app)).toContain('all follow from the history')
  })

  test('lets somebody in who failed too often', async () => {
    for (let attempt = 0; attempt < 10; attempt += 1) await logIn('wrong').expect(422)
    expect((await logIn(PASSWORD).expect(429)).text).toContain('ask an admin for a link')
    await set(await makeLink()).expect(303)
    await app.reader.get('/account').expect(200)
  })

  test('is used by one of two who open it at once', async () => {
    const token = await makeLink()
    const answers = await Promise.all([set(token, NEXT), set(token, 'a third long walk')])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 410])
  })

  test('that is wrong sets nothing, and one that is not good enough is said beside the field', async () => {
    const token = await makeLink()
    for (const [password, message] of [
      ['short', 'at least 8 characters'],
      ['        ', 'at least 8 characters'],
      ['PASSWORD1', 'tried first'],
      ['Ada-12345', 'your name'],
    ] as const) {
      const { text } = await set(token, password).expect(422)
      expect(text).toContain(message)
      expect(text).toContain('href="#new_password"')
      expect(text).toContain(`value="${token}"`)
    }
    await logIn(PASSWORD).expect(303)
    await set(token).expect(303)
  })

  test('is sent with its two fields, each once', async () => {
    const token = await makeLink()
    const send = (form: object) => app.reader.post('/account/new-password').type('form').send(form)
    for (const form of [
      { token },
      { token, new_password: [NEXT, NEXT] },
      { token, new_password: NEXT, role: 'admin' },
      { token: [token, token], new_password: NEXT },
      { token, new_password: `${NEXT}\ufffd`.repeat(12) },
    ])
      await send(form).expect(422)
    for (const form of [
      {},
      { new_password: NEXT },
      { token: '', new_password: NEXT },
      { token: '\0', new_password: NEXT },
    ])
      await send(form).expect(410)
    await app.reader.get(`/account/new-password?token=${token}&token=${token}`).expect(410)
    await set(token).expect(303)
  })

  test.each([
    ['none', async () => ''],
    ['a guess', async () => `${ada.id}-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx`],
    ['that of the system', async () => `${app.context.system.id}-x`],
    ['an older one', async () => replaced(await makeLink())],
    ['one more than a day old', async () => later(await makeLink(), '2026-11-24T12:00:00.000Z')],
    ['one of an account that is disabled', async () => behind(await makeLink(), 'disable')],
    ['one of an account that was', async () => behind(await behind(await makeLink(), 'disable'), 'enable')],
    ['one from before the password was changed', async () => changed(await makeLink())],
  ])('is refused where it is %s', async (_what, tokenOf) => {
    const token = await tokenOf()
    expect((await open(token).expect(410)).text).toContain('Ask an admin for a new one')
    await set(token === '' ? 'x' : token).expect(410)
  })

  test('holds for a day', async () => {
    const token = later(await makeLink(), '2026-11-24T11:59:59.999Z')
    await set(token).expect(303)
  })

  test('is an admin’s to make, for an account that is there and enabled', async () => {
    const address = (id: number | string) => `/admin/users/${id}/password-link`
    await app.reader.post(address(ada.id)).expect(401)
    await (await app.logIn('approver')).post(address(ada.id)).expect(403)
    await admin.post(address(999)).expect(404)
    await admin.post(address('x')).expect(404)
    await admin.post(address(app.context.system.id)).expect(404)
    await admin.post(`/admin/users/${ada.id}/disable`).expect(303)
    expect((await admin.post(address(ada.id)).expect(422)).text).toContain('is disabled: enable it first')
    await admin.post(address(ada.id)).set('Origin', 'https://evil.example').expect(403)
  })

  test('is made on the command line too', async () => {
    const run = (...args: string[]) => command(app.context.config.databaseUrl, 'users', 'link', ...args)
    const { code, out } = await run(ada.email.toUpperCase())
    expect(code).toBe(0)
    await set(linkIn(out)).expect(303)
    expect(await run('nobody@example.org')).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no account'),
    })
    expect((await run()).code).toBe(2)
    expect((await run(ada.email, 'x')).code).toBe(2)
  })

  test('is no page to come back to', async () => {
    const { text } = await open(await makeLink()).expect(200)
    expect(text).toContain('href="/login?next=%2F"')
  })
})

function later(token: string, now: string): string {
  app.clock.set(now)
  return token
}

async function replaced(token: string): Promise<string> {
  await makeLink()
  return token
}

async function behind(token: string, verb: string): Promise<string> {
  await admin.post(`/admin/users/${ada.id}/${verb}`).expect(303)
  return token
}

async function changed(token: string): Promise<string> {
  const own = supertest.agent(app.url)
  await logIn(PASSWORD, own).expect(303)
  await own.post('/account/password').type('form').send({ current_password: PASSWORD, new_password: NEXT }).expect(303)
  return token
}
