import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { agreementForm } from '../support/forms.ts'
import { PASSWORD, testApp, type TestApp } from '../support/test-app.ts'

const HTTPS = { CLAUSULA_BASE_URL: 'https://register.example.org' }

async function logIn(app: TestApp, headers: Record<string, string> = {}): Promise<string[]> {
  const { email } = await app.addUser('analyst')
  const form = { email, password: PASSWORD }
  const answer = await supertest(app.url).post('/login').set(headers).type('form').send(form).expect(303)
  return answer.headers['set-cookie'] as unknown as string[]
}

/** What an analyst with these cookies is told when something is done, as a cookie; and the page that takes it away. */
async function flashes(app: TestApp, cookies: string[]): Promise<string[]> {
  const session = cookies.map((cookie) => cookie.split(';')[0]).join('; ')
  const form = agreementForm({ status: 'active', status_since: '2020' })
  const said = await supertest(app.url).post('/agreements').set('Cookie', session).type('form').send(form).expect(303)
  const [flash = ''] = said.headers['set-cookie'] as unknown as string[]
  const taken = await supertest(app.url)
    .get('/')
    .set('Cookie', `${session}; ${flash.split(';')[0]}`)
    .expect(200)
  expect(taken.text).toContain('role="status"')
  const out = await supertest(app.url).post('/logout').set('Cookie', session).expect(303)
  return [
    flash,
    ...(taken.headers['set-cookie'] as unknown as string[]),
    ...(out.headers['set-cookie'] as unknown as string[]),
  ]
}

describe('a cookie', () => {
  test.each([{}, { 'X-Forwarded-Proto': 'https' }, { 'X-Forwarded-Proto': 'http' }])(
    'is for https only where the register’s address is, whatever is said in %j',
    async (headers) => {
      const secure = await testApp({ env: HTTPS })
      const plain = await testApp()
      const [insecure, ...others] = [await logIn(plain, headers), await logIn(secure, headers)]
      const cookies = others.flat()
      const all = [...cookies, ...(await flashes(secure, cookies))]
      const names = all.map((cookie) => cookie.split('=')[0] ?? '')
      expect(new Set(names)).toEqual(new Set(['clausula', 'flash']))
      expect(names.length).toBeGreaterThan(4)
      for (const cookie of all) expect(cookie).toMatch(/; HttpOnly; Secure; SameSite=Lax$/)
      for (const cookie of [...insecure, ...(await flashes(plain, insecure))])
        expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/)
    },
  )
})

describe('where a request comes from', () => {
  const fail = async (app: TestApp, from: string) =>
    (
      await app.reader
        .post('/login')
        .set('X-Forwarded-For', from)
        .type('form')
        .send({ email: 'ada@example.org', password: 'wrong' })
    ).status
  const tries = async (app: TestApp, from: (attempt: number) => string) => {
    const statuses = []
    for (let attempt = 1; attempt <= 11; attempt += 1) statuses.push(await fail(app, from(attempt)))
    return statuses
  }
  const TEN = Array.from({ length: 10 }, () => 422)

  test('is told by no header, also not by one from this machine', async () => {
    const app = await testApp()
    expect(await tries(app, (attempt) => `10.0.0.${attempt}`)).toEqual([...TEN, 429])
  })

  test('is not told by a proxy that is not named', async () => {
    const app = await testApp({ env: { CLAUSULA_PROXIES: '10.0.0.0/8' } })
    expect(await tries(app, (attempt) => `192.0.2.${attempt}`)).toEqual([...TEN, 429])
  })

  test('is told by a proxy that is named, as the last that it saw', async () => {
    const app = await testApp({ env: { CLAUSULA_PROXIES: '127.0.0.0/8, 10.0.0.7' } })
    expect(await tries(app, (attempt) => `192.0.2.${attempt}, 10.0.0.7`)).toEqual([...TEN, 422])
    expect(await tries(app, (attempt) => `192.0.2.${attempt}, 198.51.100.1`)).toEqual([...TEN, 429])
  })
})
