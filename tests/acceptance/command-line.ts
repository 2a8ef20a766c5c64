import { outputOf, startNode } from '../bench/children.ts'
import type { TestApp } from '../support/test-app.ts'

/** What an address says behind its question mark, and the command line with `--` before each name. */
export type Query = Record<string, string | string[]>

/** What a command writes, as a process of its own on the register's file; throws when it fails. */
export async function command({ context }: TestApp, args: readonly string[]): Promise<string> {
  const { databaseUrl, baseUrl } = context.config
  const env = { DATABASE_URL: databaseUrl, CLAUSULA_BASE_URL: baseUrl, PORT: '0', LOG_LEVEL: 'warn' }
  return outputOf(startNode('src/cli.ts', args, env), '', 30)
}

/** What `export` writes with a filter. */
export async function exported(app: TestApp, format: 'csv' | 'json', query: Query): Promise<string> {
  const filters = Object.entries(query).flatMap(([name, values]) =>
    [values].flat().flatMap((value) => [`--${name}`, value]),
  )
  return command(app, ['export', '--format', format, ...filters])
}
