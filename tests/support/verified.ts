import type { TestApp } from './test-app.ts'
import { command } from './program.ts'

/** What the command line says of a register when it is told to verify it. */
export async function verified({ context }: TestApp): Promise<string> {
  const { out, err } = await command(context.config.databaseUrl, 'verify')
  return out + err
}
