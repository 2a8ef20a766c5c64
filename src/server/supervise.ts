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
  readonly #running = new Set<Worker>()
  #isStopping = false
  #wait = 0

  constructor(context: AppContext, alsoStop: () => void) {
    this.#context = context
    this.#alsoStop = alsoStop
  }

  async start(): Promise<{ port: number }> {
    process.on('SIGTERM', () => this.#stop())
    process.on('SIGINT', () => this.#stop())
    const { workers } = this.#context.config
    // A port that the system chooses is chosen by the first worker, and shared by the others.
    const port = await this.#listening(this.#fork())
    await Promise.all(Array.from({ length: workers - 1 }, () => this.#listening(this.#fork())))
    return { port }
  }

  #fork(): Worker {
    const { clock, config } = this.#context
    const worker = cluster.fork({ PORT: String(config.port) })
    const started = clock.now().getTime()
    let hasListened = false
    this.#running.add(worker)
    worker.once('listening', () => {
      hasListened = true
    })
    worker.once('exit', (code, signal) => {
      this.#running.delete(worker)
      if (this.#isStopping) this.#exitOnceAllEnded()
      else if (hasListened) this.#replace(worker, { code, signal, isSoon: clock.now().getTime() - started < SOON })
    })
    return worker
  }

  async #listening(worker: Worker): Promise<number> {
    return new Promise((resolve, reject) => {
      worker.once('listening', ({ port }: { port: number }) => resolve(port))
      worker.once('exit', () => {
        if (!this.#isStopping) reject(new StartError('a worker ended before it could answer; the line above says why'))
      })
    })
  }

  #replace(worker: Worker, { code, signal, isSoon }: { code: number; signal: string; isSoon: boolean }): void {
    const { log } = this.#context
    log.error({ pid: worker.process.pid, code, signal }, 'a worker ended; another takes its place')
    this.#wait = isSoon ? Math.min(Math.max(this.#wait * 2, 250), LONGEST_WAIT) : 0
    setTimeout(() => {
      if (this.#isStopping) return
      this.#listening(this.#fork()).catch(() => this.#replace(worker, { code, signal, isSoon: true }))
    }, this.#wait)
  }

  #stop(): void {
    if (this.#isStopping) return
    this.#isStopping = true
    this.#alsoStop()
    for (const worker of this.#running) worker.process.kill('SIGTERM')
    this.#exitOnceAllEnded()
  }

  #exitOnceAllEnded(): void {
    if (this.#running.size > 0) return
    this.#context.db.close().then(
      () => process.exit(0),
      (error: unknown) => {
        this.#context.log.error({ err: error }, 'the database did not close')
        process.exit(1)
      },
    )
  }
}
