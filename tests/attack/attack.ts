import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import type { SentForm } from './forms.ts'

/** How one request went. */
export interface Shot {
  what: string
  status: number
  /** Until a page is there, or the first of a download. */
  milliseconds: number
  /** The longest that another reader waited for the list meanwhile. */
  otherWaited: number
}

/** What is sent: an address, or a form. */
export type Ammunition = string | SentForm

const ANSWER_MILLISECONDS = 120_000
/** What stands for the status of a request that was not answered. */
const CUT_OFF = 599

/** Sends one request after the other, while another reader asks for the list again and again. */
export async function attack(base: string, cookie: string, ammunition: readonly Ammunition[]): Promise<Shot[]> {
  const port = Number(new URL(base).port)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const other = otherReader(port)
  const shots: Shot[] = []
  for (const [index, one] of ammunition.entries()) {
    // Every second address is asked for by a stranger; a form needs an account.
    const isStranger = typeof one === 'string' && index % 2 === 1
    other.startOver()
    const began = performance.now()
    const status = await send(port, agent, isStranger ? '' : cookie, one).catch(cutOff)
    const milliseconds = performance.now() - began
    const otherWaited = other.longest()
    const what = typeof one === 'string' ? `GET ${one}` : `POST ${one.path} ${one.body}`
    shots.push({ what, status, milliseconds, otherWaited })
  }
  await other.end()
  agent.destroy()
  return shots
}

async function send(port: number, agent: Agent, cookie: string, one: Ammunition): Promise<number> {
  const [path, body] = typeof one === 'string' ? [one, undefined] : [one.path, one.body]
  const form = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body ?? '') }
  const asking = request({
    host: '127.0.0.1',
    port,
    agent,
    path,
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...(cookie === '' ? {} : { cookie }), ...(body === undefined ? {} : form) },
    timeout: ANSWER_MILLISECONDS,
  })
  asking.on('timeout', () => asking.destroy(new Error('no answer')))
  asking.on('error', () => {})
  asking.end(body)
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  if (/\.(?:csv|json)(?:\?|$)/.test(path)) {
    // A download is as long as the register is large.
    await once(answer, 'readable')
    asking.destroy()
  } else {
    answer.resume()
    await once(answer, 'end')
  }
  return answer.statusCode ?? 0
}

/** A request whose connection was closed counts as a fault. */
function cutOff(error: unknown): number {
  console.error(`a connection was closed: ${String(error)}`)
  return CUT_OFF
}

/** Somebody who reads the list all the while, and how long they had to wait. */
function otherReader(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let longest = 0
  const over = new AbortController()
  let asked = performance.now()
  let began = asked
  /** What was waited before does not count. */
  const waited = () => performance.now() - Math.max(asked, began)
  const reading = (async () => {
    while (!over.signal.aborted) {
      asked = performance.now()
      await send(port, agent, '', '/agreements?page=2').catch(cutOff)
      longest = Math.max(longest, waited())
    }
  })()
  return {
    startOver: () => {
      longest = 0
      began = performance.now()
    },
    longest: () => Math.max(longest, waited()),
    end: async () => {
      over.abort()
      await reading
      agent.destroy()
    },
  }
}
