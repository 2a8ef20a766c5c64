import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

function start(file: 'main' | 'cli', args: readonly string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, ['-r', './src/require-node.cjs', `src/${file}.ts`, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'warn', ...env },
  })
}

/**
 * The program in a process of its own, without npm in between, until the test ends; settings of the machine that runs the tests stay
 * out.
 */
export function program(file: 'main' | 'cli', args: readonly string[], env: Record<string, string>): ChildProcess {
  const child = start(file, args, env)
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  })
  return child
}

/** Runs one command to its end. */
export async function command(
  url: string,
  ...[first, ...rest]: [{ input: string } | string, ...string[]]
): Promise<{ code: number | null; out: string; err: string }> {
  const args = typeof first === 'string' ? [first, ...rest] : rest
  const child = start('cli', args, { DATABASE_URL: url })
  child.stdin?.end(typeof first === 'string' ? '' : first.input)
  const [out, err, [code]] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
    once(child, 'exit') as Promise<[number | null]>,
  ])
  return { code, out, err }
}
