import { connection, ask } from './http.ts'
import type { Page } from './pages.ts'
import type { Mover } from './register.ts'
import type { Server } from './server.ts'
import { median } from './statistics.ts'
import type { StatusForm } from './status-changes.ts'

/** How long the first answer after a change takes, in milliseconds. */
export interface FirstAnswers {
  what: string
  median: number
  slowest: number
}

const FEWEST_ASKED = 5
const MOST_ASKED = 12

/** The server keeps answers until the register changes: asks each page right after a change, when none is kept. */
export async function measureFirstAnswers(
  server: Server,
  form: StatusForm,
  mover: Mover,
  pages: readonly Page[],
): Promise<FirstAnswers[]> {
  const agent = connection()
  const results: FirstAnswers[] = []
  for (const { what, paths } of pages) {
    const times: number[] = []
    const count = Math.min(MOST_ASKED, Math.max(FEWEST_ASKED, paths.length))
    for (let index = 0; index < count; index += 1) {
      await form.send(agent, mover)
      const began = performance.now()
      await ask({ agent, port: server.port, path: paths[index % paths.length] ?? '' }, 200)
      times.push(performance.now() - began)
    }
    results.push({ what, median: median(times), slowest: Math.max(...times) })
  }
  agent.destroy()
  return results
}
