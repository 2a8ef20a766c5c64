import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { type Child, end, firstLineOf, startNode } from './children.ts'
import { ask, connection } from './http.ts'
import type { Plan } from './options.ts'
import { EMAIL, PASSWORD, settings } from './register.ts'
import { median } from './statistics.ts'

/** Memory is called idle after so long without a request; only time can show that nothing happens. */
const IDLE_MILLISECONDS = 1000

/** The server under measurement. */
export interface Server {
  child: Child
  pid: number
  port: number
  url: string
}

/** Start-up of the server, and its memory in MB; null where the system does not tell. */
export interface StartUp {
  coldStartMilliseconds: number
  idle: number | null
}

/** Starts the server: once to fill the compile cache, then several times for the medians; the last of them stays. */
export async function startServer(url: string, { runs }: Plan): Promise<{ server: Server; startUp: StartUp }> {
  let { server } = await startOnce(url)
  const times: number[] = []
  const idle: number[] = []
  for (let run = 0; run < runs; run += 1) {
    await end(server.child)
    const started = await startOnce(url)
    await setTimeout(IDLE_MILLISECONDS)
    server = started.server
    times.push(started.milliseconds)
    idle.push(memory(server.pid, 'VmRSS') ?? NaN)
  }
  const middle = median(idle)
  return { server, startUp: { coldStartMilliseconds: median(times), idle: Number.isNaN(middle) ? null : middle } }
}

/** Starts the server once, and waits for its first answer. */
export async function startOnce(
  databaseUrl: string,
  env: Record<string, string> = {},
): Promise<{ server: Server; milliseconds: number }> {
  const port = await freePort()
  const began = performance.now()
  const child = startNode('src/main.ts', [], { ...settings(databaseUrl, port), ...env })
  await firstLineOf(child)
  const agent = connection()
  await ask({ agent, port, path: '/agreements' }, 200)
  const milliseconds = performance.now() - began
  agent.destroy()
  return { server: { child, pid: child.pid ?? 0, port, url: `http://127.0.0.1:${port}` }, milliseconds }
}

/** Logs in as the analyst; the cookie. */
export async function logIn({ url }: Server): Promise<string> {
  const answer = await fetch(`${url}/login`, {
    method: 'POST',
    body: new URLSearchParams({ email: EMAIL, password: PASSWORD }),
    redirect: 'manual',
    signal: AbortSignal.timeout(30_000),
  })
  const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('clausula='))
  if (answer.status !== 303 || cookie === undefined) throw new Error(`the log-in was answered ${answer.status}`)
  return cookie.replace(/;.*/, '')
}

/** Memory of a process in MB (a million bytes): now (`VmRSS`) or at most so far (`VmHWM`). */
export function memory(pid: number, field: 'VmRSS' | 'VmHWM'): number | null {
  if (process.platform !== 'linux') return null
  const [, kibibytes] =
    new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return kibibytes === undefined ? null : (Number(kibibytes) * 1024) / 1e6
}

/** Runs `work` and watches the memory of a process meanwhile; the most that it had, in MB. */
export async function peakDuring(pid: number, work: () => Promise<void>): Promise<number | null> {
  let peak = memory(pid, 'VmRSS')
  const watch = setInterval(() => {
    const now = memory(pid, 'VmRSS')
    if (now !== null && peak !== null) peak = Math.max(peak, now)
  }, 5)
  try {
    await work()
  } finally {
    clearInterval(watch)
  }
  return peak
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
