import { join } from 'node:path'
import SqliteConnection from 'better-sqlite3'
import { end } from './children.ts'
import { exportOnce, type Exports, measureExports } from './csv-export.ts'
import { type FirstAnswers, measureFirstAnswers } from './first-answers.ts'
import { measureBareCsv, measureBareHttp, measureBareStatus } from './floors.ts'
import type { Options } from './options.ts'
import { measurePages, type Page, pagesOf } from './pages.ts'
import { addAnalyst, copyRegister, makeRegister, readMovers, readReferences } from './register.ts'
import { logIn, memory, peakDuring, startServer, type StartUp } from './server.ts'
import type { Measured } from './statistics.ts'
import { measureStatusChanges, StatusForm } from './status-changes.ts'

export const CONNECTIONS = [1, 16] as const
const DOSSIERS = 100
const MOVERS = 8_000

/** Everything that one run measures; arrays of `Measured` have one for each of `CONNECTIONS`. */
export interface Measurement {
  /** How long the register took to make; null when that of an earlier run was there. */
  generatedInSeconds: number | null
  startUp: StartUp
  /** Most memory in MB: while the fresh server made one export, and of the server's whole life. */
  peakOfFirstExport: number | null
  peak: number | null
  pages: { page: Page; measured: Measured[] }[]
  statusChanges: Measured[]
  exports: Exports
  firstAnswers: FirstAnswers[]
  floors: {
    list: { bytes: number; measured: Measured[] }
    dossier: { bytes: number; measured: Measured[] }
    status: Measured
    csv: { program: string; rowsPerSecond: number }
  }
}

/** Measures the server and then its floors, with files in `folder`, which must be empty. */
export async function measure(options: Options, folder: string, say: (line: string) => void): Promise<Measurement> {
  const { agreements, plan } = options
  const made = await makeRegister(options, say)
  const file = join(folder, 'clausula.db')
  copyRegister(made.file, file)
  await addAnalyst(file)
  const db = new SqliteConnection(file, { readonly: true })
  const references = readReferences(db, DOSSIERS)
  const [first, ...movers] = readMovers(db, MOVERS + 1)
  db.close()
  if (!first) throw new Error('no agreement can change its status')

  say('Starting the server')
  const { server, startUp } = await startServer(file, plan)
  const peakOfFirstExport = await peakDuring(server.pid, async () => {
    await exportOnce(server, agreements)
  })
  const form = new StatusForm(server, await logIn(server))
  const pages: Measurement['pages'] = []
  for (const page of pagesOf(agreements, references)) {
    say(`Measuring ${page.what}`)
    const measured: Measured[] = []
    for (const count of CONNECTIONS) measured.push(await measurePages(server.url, page.paths, count, plan))
    pages.push({ page, measured })
  }
  say('Measuring changes of status')
  const statusChanges: Measured[] = []
  for (const count of CONNECTIONS) statusChanges.push(await measureStatusChanges(form, movers, count, plan))
  say('Measuring exports')
  const exports = await measureExports(server, form, first, agreements, plan)
  const firstAnswers = await measureFirstAnswers(
    server,
    form,
    first,
    pages.map(({ page }) => page),
  )

  say('Measuring the floors')
  const paths = ['/agreements', `/agreements/${references[0]}`]
  const [list, dossier] = await measureBareHttp(server, folder, paths, CONNECTIONS, plan)
  if (!list || !dossier) throw new Error('a floor is missing')
  const peak = memory(server.pid, 'VmHWM')
  await end(server.child)
  const bare = join(folder, 'bare.db')
  copyRegister(made.file, bare)
  const csv = await measureBareCsv(bare, agreements)
  const status = await measureBareStatus(bare, MOVERS, plan)
  return {
    generatedInSeconds: made.seconds,
    startUp,
    peakOfFirstExport,
    peak,
    pages,
    statusChanges,
    exports,
    firstAnswers,
    floors: { list, dossier, status, csv },
  }
}
