import { runHere } from '../support/program.ts'
import type { TestApp } from '../support/test-app.ts'

/** What an address says behind its question mark, and the command line with `--` before each name. */
export type Query = Record<string, string | string[]>

/** What a command writes about the register's file; throws when it fails. */
export async function command({ context }: TestApp, args: readonly string[]): Promise<string> {
  const { databaseUrl, baseUrl } = context.config
  const { code, out, err } = await runHere(args, { DATABASE_URL: databaseUrl, CLAUSULA_BASE_URL: baseUrl })
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${err}`)
  return out
}

/** What `export` writes with a filter. */
export async function exported(app: TestApp, format: 'csv' | 'json', query: Query): Promise<string> {
  const filters = Object.entries(query).flatMap(([name, values]) =>
    [values].flat().flatMap((value) => [`--${name}`, value]),
  )
  return command(app, ['export', '--format', format, ...filters])
}
