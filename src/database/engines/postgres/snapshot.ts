import type { CompiledQuery } from 'kysely'
import type { ClientBase } from 'pg'
import type { Snapshot } from '../../database.ts'
import { tellStatement } from '../../statements.ts'
import { kyselyOn } from './connections.ts'
import type { Stoppable } from './stopping.ts'

const ROWS_PER_CHUNK = 500

/** The rows of one query in chunks, from a snapshot of their own. */
export async function* streamOn<Row>(connections: Stoppable, query: CompiledQuery<Row>): AsyncGenerator<Row[]> {
  const snapshot = await openSnapshot(connections)
  try {
    yield* snapshot.stream(query)
  } finally {
    await snapshot.close()
  }
}

/** A transaction that sees what was there when it began, whatever is committed meanwhile. */
export async function openSnapshot(connections: Stoppable): Promise<Snapshot> {
  const client = await connections.acquire()
  try {
    await client.query('begin isolation level repeatable read read only')
    // The state is fixed by the first query, not by `begin`.
    await client.query('select 1')
  } catch (error) {
    const explained = connections.explain(client, error)
    connections.release(client, error)
    throw explained
  }
  const read = kyselyOn({
    acquire: async () => client,
    release: () => {},
    explain: (_client, error) => connections.explain(client, error),
  })
  let cursors = 0
  return {
    read,
    stream: (query) => chunksOf(client, `clausula_${(cursors += 1)}`, query),
    close: async () => {
      try {
        await client.query('rollback')
        connections.release(client)
      } catch (error) {
        connections.release(client, error)
      }
    },
  }
}

async function* chunksOf<Row>(
  client: ClientBase,
  cursor: string,
  { sql, parameters }: CompiledQuery<Row>,
): AsyncGenerator<Row[]> {
  tellStatement({ sql, parameters })
  await client.query(`declare ${cursor} no scroll cursor for ${sql}`, parameters as unknown[])
  try {
    for (;;) {
      const { rows } = await client.query(`fetch forward ${ROWS_PER_CHUNK} from ${cursor}`)
      if (rows.length > 0) yield rows as Row[]
      if (rows.length < ROWS_PER_CHUNK) return
    }
  } finally {
    await client.query(`close ${cursor}`).catch(() => {})
  }
}
