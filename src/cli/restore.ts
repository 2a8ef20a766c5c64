import { withoutPassword } from '../database/locate.ts'
import { restore as restoreRegister } from '../transfer/restore.ts'
import { type Command, say, UsageError } from './command.ts'

export const restore: Command = {
  summary: 'make a new database out of a backup',
  usage: 'npm run clausula -- restore FILE',
  help: 'Reads a file that backup wrote, of either kind, into the database of DATABASE_URL: a file that is not there yet, or an empty database of\nPostgreSQL. Verifies the register afterwards, as the command verify does.',
  options: {},
  runAlone: async ({ databaseUrl }, { positionals: [file, ...more] }, { stdout, stderr }) => {
    if (file === undefined || more.length > 0) throw new UsageError('usage: npm run clausula -- restore FILE')
    const { changes, agreements, head } = await restoreRegister(file, databaseUrl, (line) => say(stderr, line))
    say(
      stdout,
      `${agreements} agreements with ${changes} changes are in ${withoutPassword(databaseUrl)}: all follow from the history`,
    )
    say(stdout, `Head of the chain: ${head}`)
  },
}
