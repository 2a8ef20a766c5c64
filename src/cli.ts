import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { commands } from './cli/commands.ts'
import { type Config, readConfig } from './config.ts'
import { createContext } from './context.ts'
import { asStartError, withoutName } from './database/failure.ts'
import { systemClock } from './dates/clock.ts'
import { AppError, StartError } from './errors.ts'
import { type Arguments, type Command, UsageError } from './cli/command.ts'

try {
  await run(process.argv.slice(2))
} catch (error) {
  const isExpected = error instanceof StartError || error instanceof AppError || error instanceof UsageError
  if (!isExpected) throw error
  console.error(`clausula: ${error.message}`)
  process.exitCode = error instanceof UsageError ? 2 : 1
}

async function run([name, ...rest]: string[]): Promise<void> {
  if (name === undefined || name === '--help' || name === 'help') return console.log(overview())
  const command = commands[name]
  if (!command) throw new UsageError(`there is no command “${name}”; --help lists them`)
  if (rest.includes('--help')) return console.log(`${command.usage}\n\n${command.help}`)
  const { values, positionals } = parse(command.options, rest, command.usage)
  const config = readConfig(process.env)
  await runOn(config, command, { values, positionals }).catch((error: unknown) => {
    // What opens databases by itself does not only speak of that of the settings.
    throw 'runAlone' in command ? withoutName(error) : asStartError(config.databaseUrl, error)
  })
}

async function runOn(config: Config, command: Command, args: Arguments): Promise<void> {
  if ('runAlone' in command) return command.runAlone(config, args)
  const context = await createContext(config, {
    clock: systemClock,
    log: pino({ level: 'warn' }, pino.destination(2)),
  })
  try {
    await command.run(context, args)
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
