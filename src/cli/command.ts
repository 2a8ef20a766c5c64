import type { Readable, Writable } from 'node:stream'
import type { ParseArgsOptionsConfig } from 'node:util'
import type { Config } from '../config.ts'
import type { AppContext } from '../context.ts'

/** What was typed behind a command's name. */
export interface Arguments {
  values: Record<string, string | boolean | (string | boolean)[] | undefined>
  positionals: string[]
}

/** Where a command reads what is typed, and where it says what it did. */
export interface Terminal {
  stdin: Readable
  stdout: Writable
  stderr: Writable
}

/** Says one line. */
export function say(stream: Writable, line: string): void {
  stream.write(`${line}\n`)
}

/** One command of the command line: it works on the register that the settings name, or opens what it needs by itself. */
export type Command = CommandWords & (OnRegister | Alone)

interface CommandWords {
  summary: string
  usage: string
  help: string
  options: ParseArgsOptionsConfig
}

interface OnRegister {
  run(context: AppContext, args: Arguments, terminal: Terminal): Promise<void>
}

interface Alone {
  runAlone(config: Config, args: Arguments, terminal: Terminal): Promise<void>
}

/** The command was typed wrongly: exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A whole number behind an option, within bounds. */
export function wholeNumber(
  values: Arguments['values'],
  option: string,
  { least, most, otherwise }: { least: number; most: number; otherwise: number },
): number {
  const text = values[option]
  if (text === undefined) return otherwise
  const number = Number(text)
  if (typeof text !== 'string' || !/^\d{1,9}$/.test(text) || number < least || number > most) {
    throw new UsageError(`--${option} must be a whole number from ${least} to ${most}`)
  }
  return number
}
