import type { AsyncLocalStorage } from 'node:async_hooks'
import type { ClientBase, Pool, PoolClient } from 'pg'
import { Abandoned } from '../../../errors.ts'
import { openPool } from './connections.ts'
import type { Connections } from './driver.ts'

/** The connection that stops others is seldom needed, and goes again. */
const STOPPING = { max: 1, idleTimeoutMillis: 1_000 }

/** Which requests are still waited for. */
export type Waiting = AsyncLocalStorage<AbortSignal>

/** Connections whose statements are stopped when nobody waits for them any more. */
export interface Stoppable extends Connections {
  explain(client: ClientBase, error: unknown): unknown
  end(): Promise<void>
}

interface Lent {
  stop: () => void
  left: AbortSignal
  stopped?: Promise<unknown>
}

/** Lends the connections of a pool to requests of `waiting`; a statement of a request that was left is stopped on the server. */
export function stoppable(url: string, pool: Pool, waiting: Waiting): Stoppable {
  const stopping = openPool(url, STOPPING.max, STOPPING)
  const lent = new WeakMap<ClientBase, Lent>()

  const watch = (client: ClientBase, left: AbortSignal) => {
    const loan: Lent = {
      left,
      stop: () => {
        const { processID } = client as ClientBase & { processID: number }
        loan.stopped = stopping.query('select pg_cancel_backend($1)', [processID]).catch(() => {})
      },
    }
    left.addEventListener('abort', loan.stop, { once: true })
    lent.set(client, loan)
  }

  return {
    acquire: async () => {
      const left = waiting.getStore()
      const client = await pool.connect()
      if (!left) return client
      if (left.aborted) {
        client.release()
        throw new Abandoned()
      }
      watch(client, left)
      return client
    },
    release: (client, error) => {
      const loan = lent.get(client)
      lent.delete(client)
      loan?.left.removeEventListener('abort', loan.stop)
      // A stop that comes late must not meet the next statement: such a connection is not lent again.
      ;(client as PoolClient).release(error !== undefined || loan?.stopped !== undefined)
    },
    explain: (client, error) => (lent.get(client)?.stopped === undefined ? error : new Abandoned()),
    end: () => stopping.end(),
  }
}
