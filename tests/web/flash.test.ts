import type { Request, Response } from 'express'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { flash, takeFlash } from '../../src/web/flash.ts'
import { agreementForm } from '../support/forms.ts'
import { testApp } from '../support/test-app.ts'

const SCRIPTS = { Latin: 'é', Arabic: 'ط', Han: '港', Deseret: '𐐷', emoji: '👩‍🚀' }

const REGISTER = { secret: 'x'.repeat(32), config: readConfig({}) }

/** The cookie that a message is sent as. */
function cookieOf(message: string): string {
  let sent = ''
  const res = { cookie: (name: string, value: string) => (sent = `${name}=${encodeURIComponent(value)}`) }
  flash(res as unknown as Response, message, REGISTER)
  return sent
}

/** What the next page says of a cookie. */
function saidOf(cookie: string): string | null {
  const res = { clearCookie: () => {} }
  return takeFlash({ headers: { cookie } } as unknown as Request, res as unknown as Response, REGISTER)
}

test.each(Object.entries(SCRIPTS))(
  'a message in %s is cut between two characters, at every length',
  (_script, sign) => {
    for (let before = 150; before <= 210; before += 1) {
      const message = `${'x'.repeat(before)}${sign.repeat(80)}`
      const cookie = cookieOf(message)
      const said = saidOf(cookie) ?? ''
      expect(cookie.length).toBeLessThan(4_000)
      expect(said.isWellFormed()).toBe(true)
      expect(message.startsWith(said)).toBe(true)
      expect(said.length).toBeLessThanOrEqual(200)
      expect(said.length).toBeGreaterThan(200 - sign.length)
      expect(said.slice(before).replaceAll(sign, '')).toBe('')
    }
  },
)

test('half a character in a message is no error either', () => {
  expect(saidOf(cookieOf('a\ud83d'))).toBe('a\ufffd')
})

test.each([
  ['without a signature', 'Your%20account%20is%20closed'],
  ['with another', `${'x'.repeat(43)}.Your%20account%20is%20closed`],
  ['with that of another message', cookieOf('Saved.').replace('flash=', '').replace('Saved', 'Saved%20twice')],
  ['with an empty one', '.Saved.'],
  ['of half a sign', '%E0%A4%A'],
  ['of nothing', ''],
])('a message that the register never said (%s) is not shown', async (_what, planted) => {
  expect(saidOf(`flash=${planted}`)).toBeNull()
})

test('nobody else can have the next page say something', async () => {
  const app = await testApp()
  for (const planted of ['Evil', `${'x'.repeat(43)}.Evil`]) {
    const { text, headers } = await app.reader.get('/login').set('Cookie', `flash=${planted}`).expect(200)
    expect(text).not.toContain('Evil')
    expect(headers['set-cookie']?.[0]).toMatch(/^flash=; Path=\/; Expires=Thu, 01 Jan 1970/)
  }
})

test('what was recorded is never answered by an error', async () => {
  const app = await testApp({ seeds: true })
  const analyst = await app.logIn('analyst')
  const { headers } = await analyst
    .post('/agreements')
    .type('form')
    .send(agreementForm({ status: 'active', status_since: '2020' }))
    .expect(303)
  expect(headers['location']).toBeDefined()
  for (const sign of Object.values(SCRIPTS)) {
    const name = `${'x'.repeat(197)}${sign.repeat(3)}`
    await analyst.post('/parties/dp-world/names').type('form').send({ name, lang: 'en' }).expect(303)
    await analyst.get('/parties/dp-world').expect(200)
  }
  expect(app.errors).toEqual([])
})
