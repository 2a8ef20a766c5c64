import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { runCommand } from '../../src/cli/run.ts'

/** Takes what ends a process, to do it at the end of something: of the test, unless a hook starts it for several. */
export type AtTheEnd = (end: () => Promise<void>) => void

const ROOT = join(import.meta.dirname, '../..')

/**
 * A program in a process of its own, without npm in between; settings of the machine that runs the tests stay out. It ends with the
 * test that started it, or when `atTheEnd` says.
 * @param file from the project's root, such as `src/main.ts`
 */
export function program(
  file: string,
  args: readonly string[],
  env: Record<string, string>,
  atTheEnd: AtTheEnd = onTestFinished,
): ChildProcess {
  const child = spawn(process.execPath, ['-r', './src/require-node.cjs', file, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'warn', ...env },
  })
  atTheEnd(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  })
  return child
}

/** How a command ended, and what it said. */
export interface Ran {
  code: number | null
  out: string
  err: string
}

/** What a process of its own said, and how it ended. */
export async function ended(child: ChildProcess): Promise<Ran & { signal: NodeJS.Signals | null }> {
  const [out, err, [code, signal]] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
    once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
  ])
  return { code, signal, out, err }
}

/** Runs one command to its end: the real one, but for the process, which takes longer to start than most commands to run. */
export async function runHere(args: readonly string[], env: Record<string, string>, input = ''): Promise<Ran> {
  const terminal = { stdin: Readable.from([input]), stdout: new PassThrough(), stderr: new PassThrough() }
  const running = runCommand(args, env, terminal).finally(() => {
    terminal.stdout.end()
    terminal.stderr.end()
  })
  const [code, out, err] = await Promise.all([running, text(terminal.stdout), text(terminal.stderr)])
  return { code, out, err }
}

/** Runs one command on a register to its end. */
export async function command(
  url: string,
  ...[first, ...rest]: [{ input: string } | string, ...string[]]
): Promise<Ran> {
  return typeof first === 'string'
    ? runHere([first, ...rest], { DATABASE_URL: url })
    : runHere(rest, { DATABASE_URL: url }, first.input)
}
