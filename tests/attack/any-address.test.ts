import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Statement } from '../../src/database/statements.ts'
import { routesOf } from '../support/routes.ts'
import { type Agent, startTestApp, type TestApp } from '../support/test-app.ts'
import { anyAddress } from './addresses.ts'
import { askedOf } from './names.ts'

/** What one request may ask of the store, whatever its address says. */
const MOST = { statements: 100, parameters: 1_000, inOne: 400, characters: 10_000 }

let app: TestApp
let analyst: Agent
beforeAll(async () => {
  app = await startTestApp({ seeds: true })
  analyst = await app.logIn('analyst')
})
afterAll(() => app.stop())

/** What the store is asked while `work` is done. */
async function askedWhile(work: () => Promise<void>): Promise<Statement[]> {
  const heard: Statement[] = []
  const hear = (statement: unknown) => void heard.push(statement as Statement)
  subscribe('clausula:statement', hear)
  try {
    await work()
  } finally {
    unsubscribe('clausula:statement', hear)
  }
  return heard
}

test('no address is answered by a fault, or asks the store for more than its share', async () => {
  const routes = routesOf(app.context).flatMap(({ path, isRead }) => (isRead ? path : []))
  expect(routes).toContain('/agreements/:reference')
  await fc.assert(
    fc.asyncProperty(
      anyAddress(routes, await askedOf(app.context.db.read)),
      fc.boolean(),
      async (address, isOfStranger) => {
        let status = 0
        const asked = await askedWhile(async () => {
          ;({ status } = await (isOfStranger ? app.reader : analyst).get(address).redirects(0))
        })
        expect(status).toBeGreaterThanOrEqual(200)
        expect(status).toBeLessThan(500)
        const each = asked.map(({ sql, parameters }) => ({ parameters: parameters.length, characters: sql.length }))
        const work = {
          statements: asked.length,
          parameters: each.reduce((sum, one) => sum + one.parameters, 0),
          inOne: Math.max(0, ...each.map((one) => one.parameters)),
          characters: Math.max(0, ...each.map((one) => one.characters)),
        }
        for (const name of Object.keys(MOST) as (keyof typeof MOST)[])
          expect(work[name], name).toBeLessThanOrEqual(MOST[name])
      },
    ),
    { numRuns: 400, endOnFailure: true },
  )
  expect(app.errors).toEqual([])
})
