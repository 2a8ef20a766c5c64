import cluster, { type Worker } from 'node:cluster'
import type { AppContext } from '../context.ts'
import { StartError } from '../errors.ts'

/** A worker that ends sooner than this after its start has something that will not go away at once. */
const SOON = 5_000
const LONGEST_WAIT = 30_000

/**
 * Runs the workers that answer requests: starts them, replaces one that dies, and on SIGTERM or SIGINT lets all of them finish what is
 * under way.
 * @returns the port that they listen on, once all of them do.
 * @throws StartError when one ends before it listens.
 */
export async function supervise(context: AppContext, alsoStop: () => void): Promise<{ port: number }> {
  const supervisor = new Supervisor(context, alsoStop)
  return supervisor.start()
}

class Supervisor {
  readonly #context: AppContext
  readonly #alsoStop: () => void
  #isStopping = false
  #wait = 0

  constructor(context: AppContext, alsoStop: () => void) {
    this.#context = context
    this.#alsoStop = alsoStop
  }

  async start(): Promise<{ port: number }> {
    process.once('SIGTERM', () => this.#stop())
    process.once('SIGINT', () => this.#stop())
    const { workers, port } = this.#context.config
    // A port that the system chooses is chosen by the first worker, and shared by the others.
    const first = await this.#listening(this.#fork(port))
    await Promise.all(Array.from({ length: workers - 1 }, () => this.#listening(this.#fork(port))))
    for (const worker of Object.values(cluster.workers ?? {})) if (worker) this.#replaceOnceItEnds(worker, port)
    return { port: first }
  }

  #fork(port: number): Worker {
    return cluster.fork({ PORT: String(port) })
  }

  async #listening(worker: Worker): Promise<number> {
    return new Promise((resolve, reject) => {
      worker.once('listening', ({ port }: { port: number }) => resolve(port))
      worker.once('exit', () =>
        reject(new StartError('a worker ended before it could answer; the line above says why')),
      )
    })
  }

  #replaceOnceItEnds(worker: Worker, port: number): void {
    const { log, clock } = this.#context
    const started = clock.now().getTime()
    worker.once('exit', (code, signal) => {
      if (this.#isStopping) return this.#exitOnceAllEnded()
      log.error({ pid: worker.process.pid, code, signal }, 'a worker ended; another takes its place')
      const isSoon = clock.now().getTime() - started < SOON
      this.#wait = isSoon ? Math.min(Math.max(this.#wait * 2, 250), LONGEST_WAIT) : 0
      setTimeout(() => {
        if (!this.#isStopping) this.#replaceOnceItEnds(this.#fork(port), port)
      }, this.#wait)
    })
  }

  #stop(): void {
    this.#isStopping = true
    this.#alsoStop()
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM')
    this.#exitOnceAllEnded()
  }

  #exitOnceAllEnded(): void {
    if (Object.keys(cluster.workers ?? {}).length > 0) return
    this.#context.db.close().then(
      () => process.exit(0),
      (error: unknown) => {
        this.#context.log.error({ err: error }, 'the database did not close')
        process.exit(1)
      },
    )
  }
}
