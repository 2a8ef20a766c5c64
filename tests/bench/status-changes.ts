import type { Agent } from 'node:http'
import { ask, connection } from './http.ts'
import type { Plan } from './options.ts'
import type { Mover } from './register.ts'
import type { Server } from './server.ts'
import { type Measured, medianOfRuns, sumUp } from './statistics.ts'

/** A form as an analyst sends it. */
export class StatusForm {
  readonly #server: Server
  readonly #cookie: string

  constructor(server: Server, cookie: string) {
    this.#server = server
    this.#cookie = cookie
  }

  /** Moves an agreement on, and remembers where it is now; throws unless the server answers 303. */
  async send(agent: Agent, mover: Mover): Promise<void> {
    const status = mover.status === 'active' ? 'under_review' : 'active'
    const form = {
      status,
      means: status === 'active' ? 'confirmed' : 'joint_review',
      effective_on: new Date().toISOString().slice(0, 10),
      reason: 'Sent by the benchmark',
      version: String(mover.version),
    }
    const path = `/agreements/${mover.reference}/status`
    await ask({ agent, port: this.#server.port, path, cookie: this.#cookie, form }, 303)
    mover.status = status
    mover.version += 1
  }
}

/** Changes statuses with so many analysts at once, each with agreements of its own. */
export async function measureStatusChanges(
  form: StatusForm,
  movers: readonly Mover[],
  connections: number,
  plan: Plan,
): Promise<Measured> {
  const shares = Array.from({ length: connections }, (_, worker) =>
    movers.filter((_mover, index) => index % connections === worker),
  )
  const turns = shares.map(endlessly)
  return medianOfRuns(plan, async (seconds) => {
    const times: number[] = []
    const began = performance.now()
    await Promise.all(turns.map((turn) => work(form, turn, began + seconds * 1000, times)))
    return sumUp(times, (performance.now() - began) / 1000)
  })
}

async function work(form: StatusForm, turn: Iterator<Mover>, until: number, times: number[]): Promise<void> {
  const agent = connection()
  try {
    for (let now = performance.now(); now < until;) {
      await form.send(agent, turn.next().value as Mover)
      const then = performance.now()
      times.push(then - now)
      now = then
    }
  } finally {
    agent.destroy()
  }
}

function* endlessly(movers: readonly Mover[]): Generator<Mover> {
  for (;;) yield* movers
}
