import { Agent, request } from 'node:http'
import { sql } from 'kysely'
import { expect, inject, onTestFinished, test } from 'vitest'
import { addUser } from '../../src/accounts/commands.ts'
import { makePasswordLink } from '../../src/accounts/password-link.ts'
import { issueSetupToken } from '../../src/accounts/setup.ts'
import { PASSWORD, testApp, type TestApp } from '../support/test-app.ts'

/** From now on no session can be kept: the store says that its disk is full, as far as it can be made to say so. */
async function refuseSessions({ context: { db } }: TestApp): Promise<void> {
  const statements =
    inject('engine') === 'sqlite'
      ? [`create trigger full_disk before insert on sessions begin select raise(abort, 'disk full'); end`]
      : [
          `create function full_disk() returns trigger language plpgsql as $$ begin raise exception 'disk full' using errcode = '53100'; end $$`,
          `create trigger full_disk before insert on sessions for each row execute function full_disk()`,
        ]
  await db.transaction(async (trx) => {
    for (const statement of statements) await sql.raw(statement).execute(trx)
  })
}

const FAILS = inject('engine') === 'sqlite' ? 500 : 503

test('a log-in whose session cannot be kept is answered in words, each time, and opens nothing', async () => {
  const app = await testApp()
  await app.addUser('analyst')
  await refuseSessions(app)
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const answer = await app.reader
      .post('/login')
      .type('form')
      .send({ email: 'analyst1@example.org', password: PASSWORD })
    expect([answer.status, answer.text.trimEnd().endsWith('</html>')]).toEqual([FAILS, true])
    expect(answer.headers['set-cookie']).toBeUndefined()
  }
  await app.reader.get('/account').expect(303)
})

test('what is recorded is not answered by an error because nobody could be logged in behind it', async () => {
  const app = await testApp()
  const token = await issueSetupToken(app.context.db)
  await refuseSessions(app)
  const admin = { token, name: 'Root', email: 'root@example.org', password: PASSWORD }
  const made = await app.reader.post('/setup').type('form').send(admin).expect(303)
  expect(made.headers['location']).toBe('/login')
  expect((await app.reader.get('/login').expect(200)).text).toContain('The register is yours. Log in as its admin.')

  const user = { name: 'Ada', email: 'ada@example.org', role: 'analyst', password: PASSWORD } as const
  const { id } = await addUser(app.context, app.context.system, user)
  const { path } = await makePasswordLink(app.context, app.context.system, id)
  const form = { token: path.split('=')[1] ?? '', new_password: 'another long walk' }
  const set = await app.reader.post('/account/new-password').type('form').send(form).expect(303)
  expect(set.headers['location']).toBe('/login')
})

test('a session that cannot be kept behind an answer takes nothing of it back: the connection stays', async () => {
  const app = await testApp()
  await app.addUser('analyst')
  const log = await app.reader.post('/login').type('form').send({ email: 'analyst1@example.org', password: PASSWORD })
  const [cookie = ''] = log.headers['set-cookie'] ?? []
  await refuseSessions(app)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  const form = new URLSearchParams({ current_password: PASSWORD, new_password: 'another long walk' })
  const changed = await ask(agent, `${app.url}/account/password`, { cookie, form })
  expect(changed).toMatchObject({ status: 303, text: 'See Other. Redirecting to /account' })
  expect(await ask(agent, `${app.url}/healthz`)).toEqual({ status: 200, text: 'ok', isSameConnection: true })
})

async function ask(
  agent: Agent,
  address: string,
  { cookie = '', form }: { cookie?: string; form?: URLSearchParams } = {},
) {
  const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' }
  return new Promise<{ status: number | undefined; text: string; isSameConnection: boolean }>((resolve, reject) => {
    const asked = request(address, { agent, method: form ? 'POST' : 'GET', headers }, (answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
      answer.once('end', () => resolve({ status: answer.statusCode, text, isSameConnection: asked.reusedSocket }))
    })
    asked.once('error', reject)
    asked.end(form?.toString())
  })
}
