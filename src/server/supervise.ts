import cluster, { type Worker } from 'node:cluster'
import type { AppContext } from '../context.ts'
import { StartError } from '../errors.ts'

const FIRST_WAIT = 250
/** With its start, less than two seconds. */
const LONGEST_WAIT = 1_000

/**
 * How long to wait before another worker is started, in milliseconds. One that has answered is replaced at once, however often it
 * happens; one that ended before it ever did may meet the same again.
 * @param failedStarts how many in a row ended before they answered
 */
export function waitBefore(failedStarts: number): number {
  return failedStarts === 0 ? 0 : Math.min(FIRST_WAIT * 2 ** (failedStarts - 1), LONGEST_WAIT)
}

type Supervised = Pick<AppContext, 'config' | 'log' | 'db'>

/**
 * Runs the workers that answer requests: starts them, replaces one that dies, for as long as that takes, and on SIGTERM or SIGINT lets
 * all of them finish what is under way.
 * @param wait how long to wait before a worker is replaced
 * @returns the port that they listen on, once all of them do.
 * @throws StartError when one ends before it listens.
 */
export async function supervise(
  context: Supervised,
  alsoStop: () => void,
  wait = waitBefore,
): Promise<{ port: number }> {
  const supervisor = new Supervisor(context, alsoStop, wait)
  return supervisor.start()
}

class Supervisor {
  readonly #context: Supervised
  readonly #alsoStop: () => void
  readonly #wait: typeof waitBefore
  readonly #running = new Set<Worker>()
  #isStopping = false

  constructor(context: Supervised, alsoStop: () => void, wait: typeof waitBefore) {
    this.#context = context
    this.#alsoStop = alsoStop
    this.#wait = wait
  }

  async start(): Promise<{ port: number }> {
    process.on('SIGTERM', () => this.#stop())
    process.on('SIGINT', () => this.#stop())
    const { workers } = this.#context.config
    // A port that the system chooses is chosen by the first worker, and shared by the others.
    const port = await this.#first()
    await Promise.all(Array.from({ length: workers - 1 }, () => this.#first()))
    return { port }
  }

  /** Starts a worker of the first ones: the port that it listens on. */
  async #first(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#fork(resolve, () =>
        reject(new StartError('a worker ended before it could answer; the line above says why')),
      )
    })
  }

  #fork(answers: (port: number) => void, failed: (ended: Ended) => void): void {
    const worker = cluster.fork({ PORT: String(this.#context.config.port) })
    let hasAnswered = false
    this.#running.add(worker)
    worker.once('listening', ({ port }: { port: number }) => {
      hasAnswered = true
      answers(port)
    })
    worker.once('exit', (code, signal) => {
      this.#running.delete(worker)
      if (this.#isStopping) return this.#exitOnceAllEnded()
      const ended = { pid: worker.process.pid, code, signal }
      if (hasAnswered) this.#replace(ended, 0)
      else failed(ended)
    })
  }

  #replace(ended: Ended, failedStarts: number): void {
    const { log } = this.#context
    log.error(ended, 'a worker ended; another takes its place')
    setTimeout(() => {
      if (this.#isStopping) return
      this.#fork(
        () => log.warn({ ended: ended.pid }, 'another worker answers in its place'),
        (again) => this.#replace(again, failedStarts + 1),
      )
    }, this.#wait(failedStarts))
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

/** How a worker ended. */
interface Ended {
  pid: number | undefined
  code: number | null
  signal: string | null
}
