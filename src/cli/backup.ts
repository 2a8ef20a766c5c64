import { refusePending } from '../database/migrate.ts'
import { openDatabase } from '../database/open.ts'
import { backUp } from '../transfer/backup.ts'
import { refuseIncomplete } from '../transfer/incoming.ts'
import { type Command, say, UsageError } from './command.ts'

export const backup: Command = {
  summary: 'write the register into a file, while the server goes on',
  usage: 'npm run clausula -- backup FILE',
  help: 'Writes one state of the register of DATABASE_URL into a new file: with the ending .db a SQLite file (of a register in SQLite), with the\nending .jsonl.gz a dump that either engine takes (docs/dump.md). The file is there when it is whole, or not at all.',
  options: {},
  runAlone: async (config, { positionals: [file, ...more] }, { stdout }) => {
    if (file === undefined || more.length > 0) throw new UsageError('usage: npm run clausula -- backup FILE')
    const db = await openDatabase(config.databaseUrl)
    try {
      await refusePending(db)
      await refuseIncomplete(db)
      await backUp(db, file)
    } finally {
      await db.close()
    }
    say(stdout, `${file} holds the register`)
  },
}
