import { BEFORE_THE_FIRST } from '../database/unit.ts'
import type { Head } from '../history/head.ts'
import { Fault } from './fault.ts'

/** A head as it was noted down: at least its hash. */
export type NotedHead = Pick<Head, 'hash'> & Partial<Head>

/** Heads that were noted down earlier: each must still be in the chain, at its change where that is known. */
export class NotedHeads {
  readonly #left = new Map<string, NotedHead>()

  constructor(heads: readonly NotedHead[]) {
    // A register without a change has this one, and every register began with it.
    for (const head of heads)
      if (head.hash !== BEFORE_THE_FIRST.hash) this.#left.set(`${head.id ?? ''} ${head.hash}`, head)
  }

  /** A change of the chain, in order. */
  pass(id: number, hash: string): void {
    this.#left.delete(` ${hash}`)
    this.#left.delete(`${id} ${hash}`)
  }

  /** @throws Fault for the first that the chain does not have. */
  check(): void {
    const [missing] = this.#left.values()
    if (!missing) return
    const of = missing.id === undefined ? '' : ` of change ${missing.id}, recorded ${missing.recorded_at},`
    throw new Fault(
      `${missing.hash}${of} is not in the chain: the history was rewritten since it was noted down, or it was noted down of another register`,
    )
  }
}
