import { setImmediate } from 'node:timers/promises'
import { EMAIL, PASSWORD } from '../bench/register.ts'
import { until } from './until.ts'

/** What an analyst does all day, each with the form that it takes; `n` makes one differ from the next. */
const FORMS = {
  'a source recorded': (n: number) => [
    '/sources',
    { source_title: `Gazette ${n}`, source_url: `https://gazette.example/${n}` },
  ],
  'an agreement entered': (n: number) => [
    '/agreements',
    {
      title: `Agreement ${n}`,
      kind: 'treaty',
      signed_on: '2019',
      status: 'active',
      party_name: [`Republic of Northland`, `Republic of Southland`],
      party_type: ['state', 'state'],
      party_country: ['NO', 'ZA'],
      party_role: ['', ''],
    },
  ],
  'a name added': (n: number) => ['/parties/republic-of-northland/names', { name: `Northland ${n}`, lang: 'en' }],
} as const satisfies Record<string, (n: number) => [string, Record<string, string | string[]>]>

export type Doing = keyof typeof FORMS
export const DOINGS = Object.keys(FORMS) as Doing[]

/** What was sent, and whether it was acknowledged (303) before the server was gone. */
export interface Sent {
  doing: Doing
  /** Its words, which are in the history if it was recorded. */
  words: string
  acknowledged: boolean
}

let made = 0

/** Somebody logged in, who goes on writing until told to stop. */
export class Writer {
  readonly sent: Sent[] = []
  readonly #url: string
  readonly #cookie: string
  #isStopped = false

  constructor(url: string, cookie: string) {
    this.#url = url
    this.#cookie = cookie
  }

  stop(): void {
    this.#isStopped = true
  }

  /** Sends one form after another; what fails is tried no second time. */
  async write(doing: Doing): Promise<void> {
    while (!this.#isStopped) {
      const n = (made += 1)
      const [path, form] = FORMS[doing](n)
      const words = Object.values(form)[0]?.toString() ?? ''
      const sent: Sent = { doing, words, acknowledged: false }
      this.sent.push(sent)
      const status = await post(this.#url + path, form, this.#cookie)
      sent.acknowledged = status === 303
      if (status === null) await setImmediate()
    }
  }
}

/** The status of an answer to a form; null where there was none. */
export async function post(
  address: string,
  form: Record<string, string | readonly string[]>,
  cookie = '',
): Promise<number | null> {
  const body = new URLSearchParams(
    Object.entries(form).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one])),
  )
  try {
    const answer = await fetch(address, {
      method: 'POST',
      body,
      redirect: 'manual',
      headers: { cookie, connection: 'close' },
      signal: AbortSignal.timeout(15_000),
    })
    await answer.arrayBuffer()
    return answer.status
  } catch {
    return null
  }
}

/** The status of a page, over a connection of its own; null where there was no answer. */
export async function get(address: string): Promise<number | null> {
  try {
    const answer = await fetch(address, { headers: { connection: 'close' }, signal: AbortSignal.timeout(15_000) })
    await answer.arrayBuffer()
    return answer.status
  } catch {
    return null
  }
}

/** Logs in; the cookie. */
export async function cookieAt(url: string): Promise<string> {
  const answer = await fetch(`${url}/login`, {
    method: 'POST',
    body: new URLSearchParams({ email: EMAIL, password: PASSWORD }),
    redirect: 'manual',
    signal: AbortSignal.timeout(15_000),
  })
  const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('clausula='))
  if (!cookie) throw new Error(`the log-in was answered ${answer.status}`)
  return cookie.replace(/;.*/, '')
}

/** How long until a page is there again, in milliseconds; null after ten seconds. */
export async function untilAnswers(url: string): Promise<number | null> {
  return until(async () => (await get(`${url}/healthz`)) === 200, 10_000)
}
