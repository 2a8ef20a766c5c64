import { locate, refuseAddress, withoutPassword } from '../database/locate.ts'
import { copyRegister } from '../transfer/copy.ts'
import { type Command, say, UsageError } from './command.ts'

export const copy: Command = {
  summary: 'move a register to another database, of either engine',
  usage: 'npm run clausula -- copy --from URL --to URL',
  help: 'Copies every row with its number, its times and its hash into an empty database: sqlite:PATH or postgres://…. Stop the server on the\nregister first, so that nothing is written that is not copied. A copy that was interrupted goes on where it stopped when it is run again.',
  options: { from: { type: 'string' }, to: { type: 'string' } },
  runAlone: async (_config, { values, positionals }, { stdout, stderr }) => {
    if (positionals.length > 0) throw new UsageError(`“${positionals[0]}” is not understood; see --help`)
    const [from, to] = [address(values['from'], 'from'), address(values['to'], 'to')]
    const counts = await copyRegister(from, to, (line) => say(stderr, line))
    const shown = locate(to).engine === 'sqlite' ? to : withoutPassword(to)
    say(
      stdout,
      `${counts.agreements} agreements with ${counts.changes} changes are in ${shown}; counts and chain are the same`,
    )
  },
}

function address(given: unknown, option: string): string {
  if (typeof given !== 'string') throw new UsageError(`--${option} is missing: give the address of a register`)
  const refusal = refuseAddress(given)
  if (refusal !== undefined) throw new UsageError(`--${option} ${refusal}`)
  return given
}
