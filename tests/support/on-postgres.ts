import type { TestProject } from 'vitest/node'
import { startPostgres } from './postgres-server.ts'

/** Before the tests that keep their registers in PostgreSQL: a real server. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres()
  provide('engine', 'postgres')
  provide('databases', server.url('postgres'))
  return () => server.remove()
}
