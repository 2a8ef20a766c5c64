import { Agent, request } from 'node:http'

const MOST_MILLISECONDS = 60_000

/** A request to the server on this machine. */
interface Question {
  agent: Agent
  port: number
  path: string
  cookie?: string
  /** Sent as a form. */
  form?: Record<string, string>
  /** Takes the answer's body as it comes. */
  take?: (chunk: Buffer) => void
}

/** One connection that stays open. */
export function connection(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1 })
}

/** Asks, reads the whole answer, and throws unless it has the status that is expected. */
export async function ask({ agent, port, path, cookie, form, take }: Question, expected: number): Promise<void> {
  const body = form && new URLSearchParams(form).toString()
  const headers: Record<string, string | number> = {
    ...(cookie === undefined ? {} : { Cookie: cookie }),
    ...(body === undefined
      ? {}
      : { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(body) }),
  }
  await new Promise<void>((resolve, reject) => {
    const asked = request(
      { agent, host: '127.0.0.1', port, path, method: body === undefined ? 'GET' : 'POST', headers },
      (answer) => {
        const isExpected = answer.statusCode === expected
        let unexpected = ''
        answer.on('data', (chunk: Buffer) => {
          if (!isExpected) unexpected += chunk.toString()
          else take?.(chunk)
        })
        answer.on('error', reject)
        answer.on('end', () => {
          if (isExpected) resolve()
          else reject(new Error(`${path} answered ${answer.statusCode}, not ${expected}: ${plain(unexpected)}`))
        })
      },
    )
    asked.setTimeout(MOST_MILLISECONDS, () => asked.destroy(new Error(`${path} did not answer in time`)))
    asked.on('error', reject)
    asked.end(body)
  })
}

function plain(html: string): string {
  return (/<main[\s\S]*<\/main>/.exec(html)?.[0] ?? html)
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .slice(0, 500)
}
