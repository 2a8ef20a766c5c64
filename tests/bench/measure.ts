import { join } from 'node:path'
import SqliteConnection from 'better-sqlite3'
import type { EngineName } from '../../src/database/engines/engine.ts'
import { end } from './children.ts'
import { exportOnce, type Exports, measureExports } from './csv-export.ts'
import { onPostgres, onSqlite, type Target } from './engines.ts'
import { type FirstAnswers, measureFirstAnswers } from './first-answers.ts'
import { measureBareCsv, measureBareHttp, measureBareStatus } from './floors.ts'
import type { Options, Plan } from './options.ts'
import { measurePages, type Page, pagesOf } from './pages.ts'
import { addAnalyst, copyRegister, makeRegister, type Mover, readMovers, readReferences } from './register.ts'
import { logIn, memory, peakDuring, type Server, startOnce, startServer, type StartUp } from './server.ts'
import type { Measured } from './statistics.ts'
import { measureStatusChanges, StatusForm } from './status-changes.ts'

export const CONNECTIONS = [1, 16] as const
const DOSSIERS = 100
const MOVERS = 8_000
const WORKERS = 2

/** What is measured of the server on one engine; arrays of `Measured` have one for each of `CONNECTIONS`. */
export interface EngineMeasurement {
  engine: EngineName
  /** How long copying the register took; null where it is a file. */
  copiedInSeconds: number | null
  startUp: StartUp
  /** Most memory in MB: while the fresh server made one export, and of the server's whole life. */
  peakOfFirstExport: number | null
  peak: number | null
  pages: { page: Page; measured: Measured[] }[]
  /** The list, asked for by somebody who has it already. */
  notModified: Measured[]
  /** The list from several processes. */
  workers: Measured[]
  statusChanges: Measured[]
  exports: Exports
  firstAnswers: FirstAnswers[]
}

/** Everything that one run measures. */
export interface Measurement {
  /** How long the register took to make; null when that of an earlier run was there. */
  generatedInSeconds: number | null
  engines: EngineMeasurement[]
  floors: {
    list: { bytes: number; measured: Measured[] }
    dossier: { bytes: number; measured: Measured[] }
    notModified: Measured[]
    status: Measured
    csv: { program: string; rowsPerSecond: number }
  }
}

/** Measures the server on each engine and then the floors, with files in `folder`, which must be empty. */
export async function measure(options: Options, folder: string, say: (line: string) => void): Promise<Measurement> {
  const { agreements, plan } = options
  const made = await makeRegister(options, say)
  const db = new SqliteConnection(made.file, { readonly: true })
  const references = readReferences(db, DOSSIERS)
  const movers = readMovers(db, MOVERS + 1)
  db.close()

  const engines: EngineMeasurement[] = []
  let bare: Awaited<ReturnType<typeof measureBareHttp>> | undefined
  for (const engine of options.engines) {
    const target = engine === 'sqlite' ? await onSqlite(made.file, folder) : await onPostgres(made.file, say)
    try {
      const measured = await measureEngine(
        target,
        options,
        references,
        structuredClone(movers),
        say,
        async (server) => {
          say('Measuring the floors')
          const paths = ['/agreements', `/agreements/${references[0]}`]
          bare ??= await measureBareHttp(server, folder, paths, CONNECTIONS, plan)
        },
      )
      engines.push(measured)
    } finally {
      await target.end()
    }
  }
  const file = join(folder, 'bare.db')
  copyRegister(made.file, file)
  const csv = await measureBareCsv(file, agreements)
  const status = await measureBareStatus(file, MOVERS, plan)
  const [list, dossier] = bare?.pages ?? []
  if (!bare || !list || !dossier) throw new Error('a floor is missing')
  const { notModified } = bare
  return { generatedInSeconds: made.seconds, engines, floors: { list, dossier, notModified, status, csv } }
}

async function measureEngine(
  target: Target & { copiedIn?: number },
  { agreements, plan }: Options,
  references: readonly string[],
  [first, ...movers]: readonly Mover[],
  say: (line: string) => void,
  whileItRuns: (server: Server) => Promise<void>,
): Promise<EngineMeasurement> {
  if (!first) throw new Error('no agreement can change its status')
  await addAnalyst(target.url)
  say(`Starting the server on ${target.engine}`)
  const { server, startUp } = await startServer(target.url, plan)
  const peakOfFirstExport = await peakDuring(server.pid, async () => {
    await exportOnce(server, agreements)
  })
  const form = new StatusForm(server, await logIn(server))
  const pages: EngineMeasurement['pages'] = []
  for (const page of pagesOf(agreements, references)) {
    say(`Measuring ${page.what}`)
    const measured: Measured[] = []
    for (const count of CONNECTIONS) measured.push(await measurePages(server.url, page.paths, count, plan))
    pages.push({ page, measured })
  }
  const notModified = await measureNotModified(server, plan)
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
  await whileItRuns(server)
  const peak = memory(server.pid, 'VmHWM')
  await end(server.child)
  say(`Measuring ${WORKERS} processes`)
  const workers = await measureWorkers(target.url, plan)
  return {
    engine: target.engine,
    copiedInSeconds: target.copiedIn ?? null,
    startUp,
    peakOfFirstExport,
    peak,
    pages,
    notModified,
    workers,
    statusChanges,
    exports,
    firstAnswers,
  }
}

async function measureNotModified({ url }: Server, plan: Plan): Promise<Measured[]> {
  const { headers } = await fetch(`${url}/agreements`)
  const tag = headers.get('etag')
  if (tag === null) throw new Error('the list has no entity tag')
  const measured: Measured[] = []
  for (const count of CONNECTIONS)
    measured.push(await measurePages(url, ['/agreements'], count, plan, { 'If-None-Match': tag }))
  return measured
}

async function measureWorkers(url: string, plan: Plan): Promise<Measured[]> {
  const { server } = await startOnce(url, { CLAUSULA_WORKERS: String(WORKERS) })
  const measured: Measured[] = []
  for (const count of CONNECTIONS) measured.push(await measurePages(server.url, ['/agreements'], count, plan))
  await end(server.child)
  return measured
}
