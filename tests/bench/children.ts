import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'

export type Child = ChildProcessByStdio<Writable, Readable, null>

export const ROOT = join(import.meta.dirname, '../..')
const SECONDS_TO_END = 15
const running = new Set<ChildProcess>()

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a program; it ends with this process at the latest. */
export function startProgram(program: string, args: readonly string[], env: Record<string, string> = {}): Child {
  const child = spawn(program, args, {
    cwd: ROOT,
    env: { ...withoutSettings(process.env), ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  child.once('error', () => running.delete(child))
  // A program that ends without reading its input is told of by its exit code.
  child.stdin.on('error', () => {})
  return child
}

/** Starts a file of ours the way npm does. */
export function startNode(file: string, args: readonly string[] = [], env: Record<string, string> = {}): Child {
  return startProgram(process.execPath, [...flagsOf(file), file, ...args], env)
}

/** The flags that the script of npm starts a file with; those of a command for files that have none. */
function flagsOf(file: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  const script = Object.values(scripts).find((line) => line.endsWith(` ${file}`)) ?? scripts['clausula'] ?? ''
  return script.split(' ').slice(1, -1)
}

/** What a program wrote until it ended; throws when it failed, or took too long. */
export async function outputOf(child: Child, input = '', mostSeconds = 1_800): Promise<string> {
  const timer = setTimeout(() => child.kill('SIGKILL'), mostSeconds * 1000)
  child.stdin.end(input)
  try {
    const [output, [code, signal]] = await Promise.all([
      text(child.stdout),
      once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>,
    ])
    if (code !== 0) throw new Error(`${child.spawnargs.join(' ')} ended with ${code ?? signal}`)
    return output
  } finally {
    clearTimeout(timer)
  }
}

/** The first line that a program writes; the rest of its output is thrown away. */
export async function firstLineOf(child: Child, mostSeconds = 60): Promise<string> {
  const lines = createInterface({ input: child.stdout })
  const signal = AbortSignal.timeout(mostSeconds * 1000)
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error(`${child.spawnargs.join(' ')} ended before it was ready`)
  })
  const [line] = (await Promise.race([once(lines, 'line', { signal }), ended])) as [string]
  ended.catch(() => {})
  lines.close()
  child.stdout.resume()
  return line
}

/** Asks a program to end and waits until it has. */
export async function end(child: Child): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const timer = setTimeout(() => child.kill('SIGKILL'), SECONDS_TO_END * 1000)
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
  clearTimeout(timer)
}

/** The settings of whoever runs the benchmark must not change what it measures. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('CLAUSULA_')))
}
