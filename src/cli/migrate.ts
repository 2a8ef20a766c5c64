import { type Command, say } from './command.ts'

export const migrate: Command = {
  summary: 'bring the database up to date',
  usage: 'npm run clausula -- migrate',
  help: 'Makes the database of DATABASE_URL if there is none, and brings its tables up to date. The server does the same when it starts.',
  options: {},
  run: async ({ db }, _args, { stdout }) => say(stdout, `${db.name} is up to date`),
}
