import type { ParseArgsOptionsConfig } from 'node:util'
import type { Config } from '../config.ts'
import type { AppContext } from '../context.ts'

/** What was typed behind a command's name. */
export interface Arguments {
  values: Record<string, string | boolean | (string | boolean)[] | undefined>
  positionals: string[]
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
  run(context: AppContext, args: Arguments): Promise<void>
}

interface Alone {
  runAlone(config: Config, args: Arguments): Promise<void>
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
