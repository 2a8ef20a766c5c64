import type { ChildProcess } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import supertest from 'supertest'
import { inject } from 'vitest'
import { agreementForm } from './forms.ts'
import { type AtTheEnd, command, program } from './program.ts'

export const PASSWORD = 'a long walk to Tartus'

/** A server in a process of its own. */
export interface RunningServer {
  url: string
  pid: number
  /** What it printed on standard output and standard error so far. */
  said(): string
  /** Waits until it has said something: the words that match. */
  says(words: RegExp): Promise<string[]>
  /** Asks it to stop, and waits until it has: its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts the real server, and waits until it answers. */
export async function startServer(
  databaseUrl: string,
  env: Record<string, string> = {},
  atTheEnd?: AtTheEnd,
): Promise<RunningServer> {
  const settings = { DATABASE_URL: databaseUrl, CLAUSULA_SEEDS: 'none', ...env }
  return answering(program('src/main.ts', [], settings, atTheEnd))
}

/** Waits until a program says where it answers. */
export async function answering(child: ChildProcess): Promise<RunningServer> {
  let said = ''
  let hasEnded = false
  const heard = new EventEmitter()
  const take = (chunk: Buffer) => {
    said += chunk.toString()
    heard.emit('more')
  }
  child.stdout?.on('data', take)
  child.stderr?.on('data', take)
  child.once('exit', () => {
    hasEnded = true
    heard.emit('more')
  })
  const says = async (words: RegExp): Promise<string[]> => {
    for (;;) {
      const found = words.exec(said)
      if (found) return [...found]
      if (hasEnded) throw new Error(`the server ended: ${said}`)
      await once(heard, 'more')
    }
  }
  const [, url = ''] = await says(/^Clausula is at (\S+)$/m)
  return {
    url,
    pid: child.pid ?? 0,
    said: () => said,
    says,
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      const exited = once(child, 'exit') as Promise<[number | null]>
      child.kill(signal)
      const [code] = await exited
      return code
    },
  }
}

/** Several processes that answer for one register: workers on one file, or servers of their own on one PostgreSQL. */
export async function startServers(
  databaseUrl: string,
  processes: number,
  atTheEnd?: AtTheEnd,
): Promise<RunningServer[]> {
  if (inject('engine') === 'sqlite') {
    const one = await startServer(databaseUrl, { CLAUSULA_WORKERS: String(processes) }, atTheEnd)
    return Array.from({ length: processes }, () => one)
  }
  return Promise.all(Array.from({ length: processes }, () => startServer(databaseUrl, {}, atTheEnd)))
}

/** Adds an account from the command line. */
export async function addAccount(databaseUrl: string, email: string, role: string): Promise<void> {
  const { code, err } = await command(
    databaseUrl,
    { input: PASSWORD },
    'users',
    'add',
    email,
    '--name',
    email,
    '--role',
    role,
  )
  if (code !== 0) throw new Error(err)
}

export async function logInAt(url: string, email: string): Promise<ReturnType<typeof supertest.agent>> {
  const agent = supertest.agent(url)
  await agent.post('/login').type('form').send({ email, password: PASSWORD }).expect(303)
  return agent
}

/** Enters an agreement that is active: its address. */
export async function enterAgreement(agent: ReturnType<typeof supertest.agent>, title: string): Promise<string> {
  const form = agreementForm({ title, status: 'active', status_since: '2020' })
  return (await agent.post('/agreements').type('form').send(form).expect(303)).headers['location'] ?? ''
}
