import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { type Config, readConfig } from '../config.ts'
import { createContext } from '../server/open.ts'
import { asStartError, withoutName } from '../database/failure.ts'
import { systemClock } from '../time/clock.ts'
import { AppError, StartError } from '../errors.ts'
import { UNHURRIED_LIMITS } from '../limits.ts'
import { type Arguments, type Command, say, type Terminal, UsageError } from './command.ts'
import { commands } from './commands.ts'

/**
 * Runs one command of `npm run clausula` to its end.
 * @param args what was typed behind `clausula --`
 * @param env the settings
 * @returns the exit code: 0, 1 when something is wrong, 2 when the command was typed wrongly
 */
export async function runCommand(args: readonly string[], env: NodeJS.ProcessEnv, terminal: Terminal): Promise<number> {
  try {
    await run(args, env, terminal)
    return 0
  } catch (error) {
    const isExpected = error instanceof StartError || error instanceof AppError || error instanceof UsageError
    if (!isExpected) throw error
    say(terminal.stderr, `clausula: ${error.message}`)
    return error instanceof UsageError ? 2 : 1
  }
}

async function run([name, ...rest]: readonly string[], env: NodeJS.ProcessEnv, terminal: Terminal): Promise<void> {
  if (name === undefined || name === '--help' || name === 'help') return say(terminal.stdout, overview())
  const command = commands[name]
  if (!command) throw new UsageError(`there is no command “${name}”; --help lists them`)
  if (rest.includes('--help')) return say(terminal.stdout, `${command.usage}\n\n${command.help}`)
  const { values, positionals } = parse(command.options, rest, command.usage)
  const config = readConfig(env)
  await runOn(config, command, { values, positionals }, terminal).catch((error: unknown) => {
    // What opens databases by itself does not only speak of that of the settings.
    throw 'runAlone' in command ? withoutName(error) : asStartError(config.databaseUrl, error)
  })
}

async function runOn(config: Config, command: Command, args: Arguments, terminal: Terminal): Promise<void> {
  if ('runAlone' in command) return command.runAlone(config, args, terminal)
  const context = await createContext(config, {
    clock: systemClock,
    log: pino({ level: 'warn' }, terminal.stderr),
    limits: UNHURRIED_LIMITS,
  })
  try {
    await command.run(context, args, terminal)
  } finally {
    await context.db.close()
  }
}

function parse(options: (typeof commands)[string]['options'], args: string[], usage: string) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\nusage: ${usage}`)
  }
}

function overview(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(10)} ${summary}`)
  return `npm run clausula -- COMMAND [--help]\n\n${lines.join('\n')}\n\nThe settings are those of the server: DATABASE_URL and the others in README.md.`
}
