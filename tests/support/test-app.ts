import { rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pino } from 'pino'
import supertest from 'supertest'
import { onTestFinished } from 'vitest'
import { insertUser } from '../../src/accounts/commands.ts'
import { hashPassword } from '../../src/accounts/password.ts'
import type { Role } from '../../src/words/role.ts'
import type { User } from '../../src/accounts/user.ts'
import { readConfig } from '../../src/config.ts'
import { inUnit } from '../../src/database/unit.ts'
import type { AppContext, PasswordCost } from '../../src/context.ts'
import type { Limits } from '../../src/limits.ts'
import { createContext } from '../../src/server/open.ts'
import { generateRegister } from '../../src/made-up/register.ts'
import { loadSeeds } from '../../src/seeds/seeds.ts'
import { makeServer } from '../../src/server/serve.ts'
import { testDatabase } from './databases.ts'

export const PASSWORD = 'a long walk to Tartus'

/** Hundreds of tests log in; what a password costs is the subject of its own. */
const CHEAP = { timeCost: 1, memoryCost: 8 }

/** Both engines sign with one key, which is nowhere near a register that somebody keeps. */
const SIGNING_KEY = join(tmpdir(), `clausula-signing-key-${process.pid}.pem`)
process.once('exit', () => rmSync(SIGNING_KEY, { force: true }))

const hashes = new Map<PasswordCost, Promise<string>>()

/** Everybody has the same password, and the same hash of it: what the history tells of it is the same on both engines. */
function hashOnce(cost: PasswordCost): Promise<string> {
  const hashed = hashes.get(cost) ?? hashPassword(PASSWORD, cost)
  hashes.set(cost, hashed)
  return hashed
}

/** A clock that stands still until a test moves it. */
export class SetClock {
  #now: Date
  #passed = 0

  constructor(now: string) {
    this.#now = new Date(now)
  }

  now(): Date {
    return this.#now
  }

  steady(): number {
    return this.#passed
  }

  /** Time passes until an instant; a clock that is put back takes none. */
  set(now: string): void {
    this.#passed += Math.max(0, Date.parse(now) - this.#now.getTime())
    this.#now = new Date(now)
  }

  /** Somebody sets the machine's clock, or the machine does so by itself. */
  jump(now: string): void {
    this.#now = new Date(now)
  }
}

export interface TestApp {
  context: AppContext
  clock: SetClock
  url: string
  /** A reader without an account. */
  reader: ReturnType<typeof supertest.agent>
  /** Everything that was logged as an error. */
  errors: string[]
  addUser(role: Role, name?: string): Promise<User>
  /** A browser-like agent that is logged in with a new account of a role. */
  logIn(role: Role, name?: string): Promise<ReturnType<typeof supertest.agent>>
  /** How many connections it has at present. */
  connections(): Promise<number>
  /** Ends the application; its database stays. */
  close(): Promise<void>
  /** Ends the application and removes its database. */
  stop(): Promise<void>
}

/** A browser-like agent, and what it sends as a form. */
export type Agent = TestApp['reader']
export type Fields = Record<string, string | string[]>

/** A made-up register; the few that tests ask for are made once in a run. */
interface Plan {
  agreements: number
  changes: number
  seed: number
}

/** For what many agreements and entries show, and for what needs more of them than are read at once. */
export const SOME: Plan = { agreements: 300, changes: 2_400, seed: 11 }
export const MANY: Plan = { agreements: 1_200, changes: 4_800, seed: 5 }

export interface Options {
  seeds?: boolean
  madeUp?: Plan
  env?: Record<string, string>
  now?: string
  /** As much as in use, for tests whose subject takes that time. */
  passwordCost?: PasswordCost
  /** Smaller ones than in use, for tests whose subject they are. */
  limits?: Partial<Limits>
}

/** The real application on a real database and a real port; only the clock and the log are the test's. */
export async function startTestApp({
  seeds = false,
  madeUp,
  env = {},
  now = '2026-11-23T12:00:00.000Z',
  passwordCost = CHEAP,
  limits = {},
}: Options = {}): Promise<TestApp> {
  const name = madeUp ? JSON.stringify(madeUp) : seeds ? `seeds ${now}` : 'empty'
  const database = await testDatabase(name, (url) => prepare(url, { seeds, madeUp, now }))
  const errors: string[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => void errors.push(line) })
  const clock = new SetClock(now)
  const config = readConfig({
    DATABASE_URL: database.url,
    PORT: '0',
    CLAUSULA_SIGNING_KEY: SIGNING_KEY,
    ...env,
  })
  const context = await createContext(config, { clock, log, passwordCost, limits })
  const server = makeServer(context)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let people = 0
  let closing: Promise<void> | undefined
  const close = () =>
    (closing ??= (async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await context.db.close()
    })())

  const newUser = async (role: Role, name = `The ${role}`): Promise<User> => {
    const user = { email: `${role}${(people += 1)}@example.org`, name, role, password: PASSWORD }
    const hashed = await hashOnce(passwordCost)
    return inUnit(context, context.system, (unit) => insertUser(unit, user, hashed))
  }

  return {
    context,
    clock,
    url,
    errors,
    reader: supertest.agent(url),
    addUser: newUser,
    logIn: async (role, name) => {
      const { email } = await newUser(role, name)
      const agent = supertest.agent(url)
      await agent.post('/login').type('form').send({ email, password: PASSWORD }).expect(303)
      return agent
    },
    connections: promisify(server.getConnections.bind(server)),
    close,
    stop: async () => {
      await close()
      await database.remove()
    },
  }
}

async function prepare(
  url: string,
  { seeds, madeUp, now }: { seeds: boolean; madeUp: Plan | undefined; now: string },
): Promise<void> {
  const config = readConfig({ DATABASE_URL: url })
  const context = await createContext(config, { clock: new SetClock(now), log: pino({ level: 'silent' }) })
  if (seeds) await loadSeeds(context)
  if (madeUp) await generateRegister(context, { ...madeUp, report: () => undefined })
  await context.db.close()
}

/** Starts an application that stops with the test that asked for it. */
export async function testApp(options?: Options): Promise<TestApp> {
  const app = await startTestApp(options)
  onTestFinished(() => app.stop())
  return app
}
