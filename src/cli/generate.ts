import { generateRegister } from '../made-up/register.ts'
import { type Command, say, UsageError, wholeNumber } from './command.ts'

export const generate: Command = {
  summary: 'fill an empty register with made-up agreements, for measuring',
  usage: 'npm run clausula -- generate [--agreements 1000] [--changes 5000] [--seed 1]',
  help: 'Enters made-up agreements, parties, places, claims and changes of status into a register that has no agreement yet.\nThe same seed makes the same register. Every summary says that it is made up.',
  options: { agreements: { type: 'string' }, changes: { type: 'string' }, seed: { type: 'string' } },
  run: async (context, { values, positionals }, { stdout, stderr }) => {
    if (positionals.length > 0) throw new UsageError(`“${positionals[0]}” is not understood; see --help`)
    const agreements = wholeNumber(values, 'agreements', { least: 1, most: 10_000_000, otherwise: 1_000 })
    const changes = wholeNumber(values, 'changes', { least: 0, most: 100_000_000, otherwise: agreements * 5 })
    const seed = wholeNumber(values, 'seed', { least: 0, most: 999_999_999, otherwise: 1 })
    const made = await generateRegister(context, { agreements, changes, seed, report: (line) => say(stderr, line) })
    say(stdout, `${made.agreements} made-up agreements with ${made.changes} changes`)
  },
}
