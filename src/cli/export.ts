import { once } from 'node:events'
import { AGREEMENT_CSV_COLUMNS, AGREEMENT_CSV_HEADING, agreementCsvValues, agreementsCsv } from '../agreements/csv.ts'
import { parseFilter } from '../agreements/filter.ts'
import { type ListedAgreement, resolveFilter, streamAgreements } from '../agreements/queries.ts'
import { BOM } from '../csv/csv.ts'
import { AppError } from '../errors.ts'
import { type Command, UsageError } from './command.ts'

const FILTERS = [
  'q',
  'status',
  'means',
  'party',
  'country',
  'place',
  'kind',
  'sector',
  'signed_from',
  'signed_to',
  'lead',
  'as_of',
  'known_at',
  'contested',
  'sort',
]

export const exportList: Command = {
  summary: 'write the list of agreements to standard output',
  usage: 'npm run clausula -- export [--format csv|json] [filter…]',
  help: `Writes every row of the filter, in the order of the page. Filters are those of /agreements: ${FILTERS.map((name) => `--${name} VALUE`).join(' ')}; what may repeat there may repeat here. --bom begins the CSV with a byte order mark.`,
  options: {
    format: { type: 'string', default: 'csv' },
    bom: { type: 'boolean', default: false },
    ...Object.fromEntries(FILTERS.map((name) => [name, { type: 'string', multiple: true } as const])),
  },
  run: async ({ db, config }, { values, positionals }) => {
    const { format, bom, ...query } = values
    if (positionals.length > 0)
      throw new UsageError(`“${positionals[0]}” is not a filter; filters look like --status active`)
    if (format !== 'csv' && format !== 'json')
      throw new UsageError(`--format must be csv or json${format === 'xlsx' ? '; xlsx is not built yet' : ''}`)
    const filter = parseFilter(
      Object.fromEntries(
        Object.entries(query).map(([name, given]) => [
          name,
          Array.isArray(given) && given.length === 1 ? given[0] : given,
        ]),
      ),
    )
    const rows = streamAgreements(db, await resolveFilter(db.read, filter))
    await write(format === 'csv' ? csv(rows, config.baseUrl, bom === true) : json(rows, config.baseUrl))
  },
}

async function* csv(chunks: AsyncIterable<ListedAgreement[]>, baseUrl: string, bom: boolean): AsyncGenerator<string> {
  yield (bom ? BOM : '') + AGREEMENT_CSV_HEADING
  for await (const rows of chunks) yield agreementsCsv(rows, baseUrl)
}

/** An array of objects with the CSV's columns as keys; what is empty is null. */
async function* json(chunks: AsyncIterable<ListedAgreement[]>, baseUrl: string): AsyncGenerator<string> {
  let separator = '[\n'
  for await (const rows of chunks) {
    for (const row of rows) {
      const values = agreementCsvValues(row, baseUrl)
      yield (
        separator +
        JSON.stringify(
          Object.fromEntries(AGREEMENT_CSV_COLUMNS.map((column, index) => [column, values[index] ?? null])),
        )
      )
      separator = ',\n'
    }
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n'
}

/** Writes to standard output no faster than it is read; a reader that has had enough (`| head`) is no error. */
async function write(chunks: AsyncIterable<string>): Promise<void> {
  let closed = false
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw new AppError('invalid', `the export could not be written: ${error.message}`)
    closed = true
  })
  for await (const chunk of chunks) {
    if (closed) return
    if (!process.stdout.write(chunk)) await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'close')])
  }
}
