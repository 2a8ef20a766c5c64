import { acceptClock, doubtedClock } from '../database/believed.ts'
import { changesAhead, explainAhead } from '../history/ahead.ts'
import { headOfChanges } from '../history/queries.ts'
import { instant } from '../time/clock.ts'
import { explainDoubt } from '../time/doubt.ts'
import { formatInstant } from '../time/partial-date.ts'
import { type Command, say, UsageError } from './command.ts'

export const clock: Command = {
  summary: 'say whether the machine’s clock is believed, or that it is right',
  usage: 'npm run clausula -- clock [--accept]',
  help: 'Says what the machine’s clock says, and whether it is believed: nothing is recorded by a clock that jumped ahead while the program ran, or that is half a year after everything that is known. --accept says that it is right as it is.',
  options: { accept: { type: 'boolean' } },
  run: async (context, { values, positionals }, { stdout }) => {
    if (positionals.length > 0) throw new UsageError(`“${positionals[0]}” is not understood; see --help`)
    if (values['accept'] === true)
      return say(stdout, `The clock is right: ${formatInstant(await acceptClock(context))}`)
    const { db } = context
    const now = instant(context.clock)
    const doubt = await doubtedClock(db.read, context.clock, (await headOfChanges(db.read, null))?.recorded_at ?? null)
    say(stdout, doubt ? explainDoubt(doubt) : `The clock says ${formatInstant(now)}, and is believed`)
    const ahead = await changesAhead(db.read, now)
    if (ahead) say(stdout, `Remark: ${explainAhead(ahead)}`)
  },
}
