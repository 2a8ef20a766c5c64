import { loadSeeds } from '../seeds/seeds.ts'
import { type Command, say } from './command.ts'

export const seed: Command = {
  summary: 'fill an empty register with the Tartus case',
  usage: 'npm run clausula -- seed',
  help: 'Enters the agreements of seeds/ into a register that has none. A register that has some is left as it is.',
  options: {},
  run: async (context, _args, { stdout }) => {
    const entered = await loadSeeds(context)
    say(
      stdout,
      entered > 0 ? `${entered} agreements are entered` : 'The register has agreements already; nothing was changed',
    )
  },
}
