import supertest from 'supertest'
import { beforeEach, describe, expect, test } from 'vitest'
import { PASSWORD_COST } from '../../src/accounts/password.ts'
import { issueSetupToken } from '../../src/accounts/setup.ts'
import { addAccount } from '../support/servers.ts'
import { PASSWORD, testApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
beforeEach(async () => {
  app = await testApp()
})

const logIn = (agent: ReturnType<typeof supertest.agent>, more: Record<string, string | string[]> = {}) =>
  agent
    .post('/login')
    .type('form')
    .send({ email: 'analyst1@example.org', password: PASSWORD, ...more })
const cookieOf = (headers: Record<string, unknown>) =>
  (headers['set-cookie'] as string[] | undefined)?.find((cookie) => cookie.startsWith('clausula=')) ?? ''

describe('set-up', () => {
  const admin = { name: 'Ada', email: 'Ada@Example.org', password: PASSWORD }

  test('the printed link makes the first admin, once, and logs them in', async () => {
    const token = await issueSetupToken(app.context.db)
    await app.reader.get(`/setup?token=${token}`).expect(200)
    await app.reader
      .post('/setup')
      .type('form')
      .send({ ...admin, token })
      .expect(303)
    expect((await app.reader.get('/admin').expect(200)).text).toContain('ada@example.org')
    await app.reader.get(`/setup?token=${token}`).expect(410)
    await app.reader
      .post('/setup')
      .type('form')
      .send({ ...admin, email: 'b@example.org', token })
      .expect(410)
  })

  test('a wrong or older link is refused', async () => {
    const older = await issueSetupToken(app.context.db)
    await issueSetupToken(app.context.db)
    for (const token of ['', 'x', older]) {
      await app.reader.get(`/setup?token=${token}`).expect(403)
      if (token !== '')
        await app.reader
          .post('/setup')
          .type('form')
          .send({ ...admin, token })
          .expect(403)
    }
  })

  test('what is wrong in the form is said, and the password is not sent back', async () => {
    const token = await issueSetupToken(app.context.db)
    const { text } = await app.reader
      .post('/setup')
      .type('form')
      .send({ name: 'Ada', email: 'nobody', password: 'sh0rt!!', token })
      .expect(422)
    expect(text).toContain('“nobody” is not an e-mail address')
    expect(text).toContain('at least 8 characters')
    expect(text).not.toContain('sh0rt!!')
    expect(text).toContain('value="Ada"')
  })

  test('of two who open the link at once, one becomes admin', async () => {
    const token = await issueSetupToken(app.context.db)
    const answers = await Promise.all(
      ['a', 'b'].map((who) =>
        supertest(app.url)
          .post('/setup')
          .type('form')
          .send({ ...admin, email: `${who}@example.org`, token }),
      ),
    )
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 410])
  })
})

describe('log-in', () => {
  beforeEach(() => app.addUser('analyst', 'Ada'))

  test('gives a session under a new id, in a cookie that no script can read', async () => {
    const first = await logIn(app.reader).expect(303)
    expect(cookieOf(first.headers)).toMatch(/HttpOnly; SameSite=Lax$/)
    expect((await app.reader.get('/account').expect(200)).text).toContain('Ada')
    const second = await logIn(app.reader).expect(303)
    expect(cookieOf(second.headers)).not.toBe(cookieOf(first.headers))
    const { count } = await app.context.db.read
      .selectFrom('sessions')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    expect(count).toBe(1)
  })

  test('a copy of the database opens no session: ids are kept as hashes', async () => {
    const { headers } = await logIn(app.reader)
    const id = decodeURIComponent(cookieOf(headers)).slice('clausula=s:'.length).split('.')[0] ?? ''
    const { id_hash } = await app.context.db.read.selectFrom('sessions').select('id_hash').executeTakeFirstOrThrow()
    expect(id_hash).toMatch(/^[0-9a-f]{64}$/)
    expect(id_hash).not.toContain(id)
  })

  test.each([
    ['/agreements?status=active', '/agreements?status=active'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['https://evil.example', '/'],
    ['', '/'],
  ])('goes on to %s only inside the register', async (next, location) => {
    expect((await logIn(app.reader, { next }).expect(303)).headers['location']).toBe(location)
  })

  test('says the same for a wrong password and an unknown address, and keeps the address', async () => {
    const wrong = await logIn(app.reader, { password: 'wrong' }).expect(422)
    const unknown = await logIn(app.reader, { email: 'nobody@example.org' }).expect(422)
    for (const { text } of [wrong, unknown]) expect(text).toContain('No account has this address and password')
    expect(wrong.text).toContain('value="analyst1@example.org"')
    await logIn(app.reader, { email: ['a', 'b'] }).expect(422)
    await logIn(app.reader, { colour: 'red' }).expect(422)
    await app.reader.post('/login').expect(422)
  })

  test('is limited after ten failures for one account, and says how long', async () => {
    for (let attempt = 0; attempt < 10; attempt += 1)
      await logIn(app.reader, { email: `${' '.repeat(attempt)}analyst1@example.org`, password: 'wrong' }).expect(422)
    expect((await logIn(app.reader).expect(429)).text).toContain('Wait 15 minutes')
  })

  test('a success does not count as an attempt', async () => {
    for (let attempt = 0; attempt < 12; attempt += 1) await logIn(app.reader).expect(303)
  })

  test('ends with log-out, after two weeks without use, and not before', async () => {
    await logIn(app.reader).expect(303)
    await app.reader.post('/logout').expect(303)
    await app.reader.get('/account').expect(303)
    await logIn(app.reader).expect(303)
    app.clock.set('2026-12-06T12:00:00.000Z')
    await app.reader.get('/account').expect(200)
    app.clock.set('2026-12-19T12:00:00.000Z')
    await app.reader.get('/account').expect(200)
    app.clock.set('2027-01-03T12:00:00.000Z')
    await app.reader.get('/account').expect(303)
  })
})

describe('an account', () => {
  test('changes its own password, which signs its other devices out', async () => {
    const here = await app.logIn('analyst')
    const there = supertest.agent(app.url)
    await logIn(there).expect(303)
    const change = (more: Record<string, string>) =>
      here
        .post('/account/password')
        .type('form')
        .send({ current_password: PASSWORD, new_password: 'another long walk', ...more })
    expect((await change({ current_password: 'wrong' }).expect(422)).text).toContain('not your present password')
    expect((await change({ new_password: 'short' }).expect(422)).text).toContain('at least 8')
    await change({}).expect(303)
    await here.get('/account').expect(200)
    await there.get('/account').expect(303)
    await logIn(there).expect(422)
    await logIn(there, { password: 'another long walk' }).expect(303)
  })

  test('changes its password under a log-in with the old one: that log-in is worth nothing', async () => {
    const own = await testApp({ passwordCost: PASSWORD_COST })
    for (let person = 1; person <= 5; person += 1) {
      const here = await own.logIn('analyst')
      const form = { current_password: PASSWORD, new_password: 'another long walk' }
      const password = { isChanged: false }
      const changing = here
        .post('/account/password')
        .type('form')
        .send(form)
        .then(() => (password.isChanged = true))
      const underWay = []
      while (!password.isChanged && underWay.length < 8) {
        const there = supertest.agent(own.url)
        const email = `analyst${person}@example.org`
        underWay.push(logIn(there, { email }).then(({ status }) => ({ there, status })))
        await own.reader.get('/healthz').expect(200)
      }
      await changing
      for (const { there, status } of await Promise.all(underWay)) {
        expect([303, 422]).toContain(status)
        await there.get('/account').expect(303)
      }
      await here.get('/account').expect(200)
    }
  })

  test('has a password that costs as much to guess as OWASP asks', async () => {
    await addAccount(app.context.config.databaseUrl, 'bo@example.org', 'reader')
    const { password_hash } = await app.context.db.read
      .selectFrom('users')
      .select('password_hash')
      .where('email', '=', 'bo@example.org')
      .executeTakeFirstOrThrow()
    expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    await logIn(app.reader, { email: 'bo@example.org' }).expect(303)
  })

  test('is looked after by admins only', async () => {
    const analyst = await app.logIn('analyst')
    await analyst.get('/admin').expect(403)
    await analyst
      .post('/admin/users')
      .type('form')
      .send({ email: 'x@example.org', name: 'X', role: 'admin', password: PASSWORD })
      .expect(403)
    await app.reader.get('/admin').expect(303)
  })

  test('is added, given another role, disabled, enabled and signed out by an admin, all in the history', async () => {
    const admin = await app.logIn('admin', 'Root')
    await admin
      .post('/admin/users')
      .type('form')
      .send({ email: 'eve@example.org', name: 'Eve', role: 'reader', password: PASSWORD })
      .expect(303)
    const again = await admin
      .post('/admin/users')
      .type('form')
      .send({ email: 'EVE@example.org', name: 'Eve', role: 'reader', password: PASSWORD })
      .expect(422)
    expect(again.text).toContain('eve@example.org has an account already')
    const { id } = await app.context.db.read
      .selectFrom('users')
      .select('id')
      .where('name', '=', 'Eve')
      .executeTakeFirstOrThrow()
    const eve = supertest.agent(app.url)
    await logIn(eve, { email: 'eve@example.org' }).expect(303)
    await admin.post(`/admin/users/${id}/role`).type('form').send({ role: 'analyst' }).expect(303)
    await eve.get('/agreements/new').expect(200)
    await admin.post(`/admin/users/${id}/sign-out`).expect(303)
    await eve.get('/account').expect(303)
    await logIn(eve, { email: 'eve@example.org' }).expect(303)
    await admin.post(`/admin/users/${id}/disable`).expect(303)
    await eve.get('/account').expect(303)
    await logIn(eve, { email: 'eve@example.org' }).expect(422)
    await admin.post(`/admin/users/${id}/enable`).expect(303)
    await logIn(eve, { email: 'eve@example.org' }).expect(303)
    const kinds = await app.context.db.read
      .selectFrom('changes')
      .select('kind')
      .where('subject', '=', `user:${id}`)
      .orderBy('id')
      .execute()
    expect(kinds.map(({ kind }) => kind)).toEqual([
      'user_added',
      'user_role_changed',
      'user_signed_out',
      'user_disabled',
      'user_enabled',
    ])
    const log = await app.context.db.read.selectFrom('changes').select(['before', 'after']).execute()
    expect(JSON.stringify(log)).not.toContain('eve@example.org')
  })

  test('the last admin stays one', async () => {
    const admin = await app.logIn('admin', 'Root')
    const { id } = await app.context.db.read
      .selectFrom('users')
      .select('id')
      .where('name', '=', 'Root')
      .executeTakeFirstOrThrow()
    expect((await admin.post(`/admin/users/${id}/disable`).expect(422)).text).toContain('This is the only admin')
    await admin.post(`/admin/users/${id}/role`).type('form').send({ role: 'reader' }).expect(422)
    await admin.post(`/admin/users/${id}/role`).type('form').send({ role: 'king' }).expect(422)
    await admin.post('/admin/users/999/disable').expect(404)
    await admin.post('/admin/users/x/disable').expect(404)
    const { id: system } = app.context.system
    await admin.post(`/admin/users/${system}/enable`).expect(404)
  })
})

describe('a closed register', () => {
  test('is read with an account only', async () => {
    const closed = await testApp({ env: { CLAUSULA_PUBLIC: 'false' } })
    for (const path of ['/', '/agreements', '/agreements.csv', '/changes', '/parties']) {
      expect((await closed.reader.get(path).expect(303)).headers['location']).toBe(
        `/login?next=${encodeURIComponent(path)}`,
      )
    }
    await closed.reader.get('/healthz').expect(200)
    await closed.reader.get('/login').expect(200)
    await (await closed.logIn('reader')).get('/agreements').expect(200)
  })
})
