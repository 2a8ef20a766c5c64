import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { AGREEMENT_CSV_HEADING } from '../list/csv.ts'
import { everyAgreementAsCsv } from '../list/csv-stream.ts'
import { parseFilter } from '../list/filter.ts'
import { agreementsJson } from '../list/json.ts'
import { PARAMETERS } from '../list/parameters.ts'
import { type ResolvedFilter, resolveFilter } from '../list/conditions.ts'
import { BOM } from '../csv.ts'
import type { Database } from '../database/database.ts'
import { today } from '../time/clock.ts'
import { takeMoment } from '../web/moment.ts'
import { AppError } from '../errors.ts'
import { type Command, UsageError } from './command.ts'

/** It has every row of a filter: no page of them is asked for. */
const FILTERS = Object.entries(PARAMETERS).flatMap(([name, { is }]) => (is === 'paging' ? [] : name))

export const exportList: Command = {
  summary: 'write the list of agreements to standard output',
  usage: 'npm run clausula -- export [--format csv|json] [filter…]',
  help: `Writes every row of the filter, in the order of the page. Filters are those of /agreements: ${FILTERS.map((name) => `--${name} VALUE`).join(' ')}; what may repeat there may repeat here. JSON carries each agreement’s positions and claims (docs/json.md). --bom begins the CSV with a byte order mark.`,
  options: {
    format: { type: 'string', default: 'csv' },
    bom: { type: 'boolean', default: false },
    ...Object.fromEntries(FILTERS.map((name) => [name, { type: 'string', multiple: true } as const])),
  },
  run: async ({ db, config, clock }, { values, positionals }, { stdout }) => {
    const { format, bom, ...options } = values
    if (positionals.length > 0)
      throw new UsageError(`“${positionals[0]}” is not a filter; filters look like --status active`)
    if (format !== 'csv' && format !== 'json')
      throw new UsageError(`--format must be csv or json${format === 'xlsx' ? '; xlsx is not built yet' : ''}`)
    const asked = Object.fromEntries(
      Object.entries(options).map(([name, given]) => [
        name,
        Array.isArray(given) && given.length === 1 ? given[0] : given,
      ]),
    )
    const { moment, query } = takeMoment(asked, clock)
    const resolved = await resolveFilter(db.read, parseFilter(query), moment, today(clock))
    if (format === 'csv') return write(stdout, csv(db, resolved, config.baseUrl, bom === true))
    await write(stdout, agreementsJson(db, resolved, { baseUrl: config.baseUrl, names: 'shown' }))
  },
}

async function* csv(db: Database, resolved: ResolvedFilter, baseUrl: string, bom: boolean): AsyncGenerator<string> {
  yield (bom ? BOM : '') + AGREEMENT_CSV_HEADING
  yield* everyAgreementAsCsv(db, resolved, baseUrl)
}

/** Writes to standard output no faster than it is read; a reader that has had enough (`| head`) is no error. */
async function write(stdout: Writable, chunks: AsyncIterable<string>): Promise<void> {
  let closed = false
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw new AppError('invalid', `the export could not be written: ${error.message}`)
    closed = true
  })
  for await (const chunk of chunks) {
    if (closed) return
    if (!stdout.write(chunk)) await Promise.race([once(stdout, 'drain'), once(stdout, 'close')])
  }
}
