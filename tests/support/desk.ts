import { afterAll, beforeAll, expect } from 'vitest'
import { agreementForm } from './forms.ts'
import { type Agent, type Fields, type Options, startTestApp, testApp, type TestApp } from './test-app.ts'
import { verified } from './verified.ts'

/** A register with the seeds, and two analysts who work on it: what the tests of a file share. */
export interface Desk {
  app: TestApp
  ada: Agent
  boris: Agent
}

/** Opens a desk before the first test of a file and clears it behind the last; until then there is nothing on it. */
export function openDesk(options: Options = {}): Desk {
  const desk = {} as Desk
  beforeAll(async () => {
    Object.assign(desk, await atWork(await startTestApp({ seeds: true, ...options })))
  })
  afterAll(() => desk.app.stop())
  afterAll(() => expect(desk.app.errors).toEqual([]))
  return desk
}

/** A desk of one test's own: what it does to the clock, or to an agreement of the seeds, is nobody else's affair. */
export async function ownDesk(): Promise<Desk> {
  return atWork(await testApp({ seeds: true }))
}

async function atWork(app: TestApp): Promise<Desk> {
  return { app, ada: await app.logIn('analyst', 'Ada'), boris: await app.logIn('analyst', 'Boris') }
}

/** Behind the last test of a file: the register still follows from its history. */
export function verifyInTheEnd(desk: Desk): void {
  afterAll(async () => expect(await verified(desk.app)).toContain('all follow from the history'))
}

/** Enters an agreement that stands since 2020; its reference. */
export async function enterAgreement(agent: Agent, more: Fields = {}): Promise<string> {
  const form = agreementForm({ status: 'active', means: 'in_force', status_since: '2020', ...more })
  const { headers } = await agent.post('/agreements').type('form').send(form).expect(303)
  return headers['location']?.split('/').at(-1) ?? ''
}
