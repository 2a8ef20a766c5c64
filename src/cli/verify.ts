import { changesAhead, explainAhead } from '../history/ahead.ts'
import { instant } from '../time/clock.ts'
import { verifyRegister } from '../verification/verify.ts'
import { AppError } from '../errors.ts'
import { type Command, say, UsageError } from './command.ts'

export const verify: Command = {
  summary: 'check that the register follows from its history',
  usage: 'npm run clausula -- verify [--head HASH]',
  help: 'Works out the hash of every change anew, and checks that every version, position, claim and present row, and where each agreement stands, follows from the changes. Names the first that does not, and exits with 1. --head checks that a hash noted down earlier (from /changes, or from verify) is still in the chain. A change stamped ahead of this machine’s clock is remarked on; it is no fault. It reads one state of the register; the server may go on.',
  options: { head: { type: 'string' } },
  run: async ({ config, db, clock }, { values, positionals }, { stdout }) => {
    if (positionals.length > 0) throw new UsageError(`“${positionals[0]}” is not understood; see --help`)
    const head = values['head']
    if (head !== undefined && (typeof head !== 'string' || !/^[0-9a-f]{64}$/.test(head)))
      throw new UsageError('--head must be a hash of 64 hexadecimal digits, as /changes and verify show it')
    const { fault, ...found } = await verifyRegister(config.databaseUrl, head ?? null)
    if (fault !== null) throw new AppError('invalid', fault)
    const { changes, agreements, versions, positions, claims } = found
    say(
      stdout,
      `${changes} changes, ${agreements} agreements, ${versions} versions, ${positions} positions, ${claims} claims: all follow from the history`,
    )
    say(stdout, `Head of the chain: ${found.head}`)
    const ahead = await changesAhead(db.read, instant(clock))
    if (ahead) say(stdout, `Remark: ${explainAhead(ahead)}`)
  },
}
