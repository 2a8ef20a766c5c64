import { parse } from 'csv-parse/sync'
import { expect } from 'vitest'
import type { TestApp } from '../support/test-app.ts'
import { exported, type Query } from './command-line.ts'
import { cell, day, plain, referenceIn, rowsOf, section, statusIn, textOf, word } from './page.ts'

/** One question's answer in each of the three ways in which it can be asked. */
export interface Answers<Answer> {
  page: Answer
  csv: Answer
  commandLine: Answer
}

export type Row = Record<string, string>

/** The same answer in all three ways: what every question expects. */
export function alike<Answer>(answer: Answer): Answers<Answer> {
  return { page: answer, csv: answer, commandLine: answer }
}

/** What a reader without an account gets at an address. */
export async function pageOf({ reader }: TestApp, path: string, query: Query = {}): Promise<string> {
  const asked = new URLSearchParams()
  for (const [name, values] of Object.entries(query)) for (const value of [values].flat()) asked.append(name, value)
  return (await reader.get(`${path}?${asked.toString()}`).expect(200)).text
}

/** The rows of a CSV at an address. */
export async function csvOf(app: TestApp, path: string, query: Query = {}): Promise<Row[]> {
  return readCsv(await pageOf(app, path, query))
}

/** The list of a filter at a moment: `RUS-SYR-2019-1 annulled, terminated, from 2025-01, contested`. */
export async function listed(app: TestApp, query: Query): Promise<Answers<string[]>> {
  const [page, { csv, commandLine }] = await Promise.all([pageOf(app, '/agreements', query), rowsAlike(app, query)])
  const rows = rowsOf(page).map(standingInRow)
  expect(textOf(page, 'page-sub').split(' · ')[0]).toBe(rows.length === 1 ? '1 agreement' : `${rows.length} agreements`)
  return { page: rows, csv: csv.map(standingIn), commandLine: commandLine.map(standingIn) }
}

/** The rows of the list's CSV, which the server and the command line must write in the same bytes. */
export async function rowsAlike(app: TestApp, query: Query): Promise<{ csv: Row[]; commandLine: Row[] }> {
  const [sent, written] = await Promise.all([pageOf(app, '/agreements.csv', query), exported(app, 'csv', query)])
  expect(written).toBe(sent)
  return { csv: readCsv(sent), commandLine: readCsv(written) }
}

/** Where one agreement stood, from its dossier's head and from the exports. */
export async function stood(app: TestApp, reference: string, moment: Query = {}): Promise<Answers<string>> {
  const [page, { csv, commandLine }] = await Promise.all([
    pageOf(app, `/agreements/${reference}`, moment),
    listed(app, { q: reference, ...moment }),
  ])
  const head = /<p class="standing">([\s\S]*?)<\/p>/.exec(page)?.[1] ?? ''
  const [means = '', since = ''] = textOf(head, 'standing-since').split(', with effect from ')
  const row = { reference, status: statusIn(head), means: word(means), status_since: day(since) }
  return {
    page: standingIn({ ...row, contested: textOf(head, 'contested') === '' ? 'no' : 'yes' }),
    csv: csv.join('; '),
    commandLine: commandLine.join('; '),
  }
}

/** How many agreements stood in each status, from the overview and by counting the rows of the exports. */
export async function counted(app: TestApp, moment: Query): Promise<Answers<Record<string, number>>> {
  const [page, { csv, commandLine }] = await Promise.all([pageOf(app, '/', moment), rowsAlike(app, moment)])
  const counts = page.matchAll(/class="card count status-(\w+)"[^>]*><span class="count-number">(\d+)</g)
  return {
    page: Object.fromEntries([...counts].map(([, status, count]) => [status, Number(count)])),
    csv: countByStatus(csv),
    commandLine: countByStatus(commandLine),
  }
}

/** The parties of each agreement of a filter. */
export async function partiesOf(app: TestApp, query: Query): Promise<Answers<string[]>> {
  const [page, { csv, commandLine }] = await Promise.all([pageOf(app, '/agreements', query), rowsAlike(app, query)])
  return {
    page: rowsOf(page).map((row) => plain(cell(row, 'parties')).replaceAll(' – ', '; ')),
    csv: csv.map(({ parties = '' }) => parties),
    commandLine: commandLine.map(({ parties = '' }) => parties),
  }
}

/** What an agreement was said to be about, from its dossier and from the exports. */
export async function summaryOf(app: TestApp, reference: string, moment: Query): Promise<Answers<string>> {
  const [page, { csv, commandLine }] = await Promise.all([
    pageOf(app, `/agreements/${reference}`, moment),
    rowsAlike(app, { q: reference, ...moment }),
  ])
  const inRows = (rows: Row[]) => rows.map(({ summary = '' }) => summary).join('\n')
  return { page: textOf(page, 'summary'), csv: inRows(csv), commandLine: inRows(commandLine) }
}

/** The agreements of a place in the order of their signature, from its page and from the exports. */
export async function storyOf(app: TestApp, place: string, moment: Query = {}): Promise<Answers<string[]>> {
  const [page, { csv, commandLine }] = await Promise.all([
    pageOf(app, `/places/${place}`, moment),
    listed(app, { place, sort: 'signed_on', ...moment }),
  ])
  return { page: rowsOf(section(page, 'its-agreements')).map(standingInRow), csv, commandLine }
}

/** The rows of a CSV by the names of its columns. */
export function readCsv(text: string): Row[] {
  return parse(text, { columns: true }) as Row[]
}

function standingIn({ reference, status, means, status_since, contested }: Row): string {
  return `${reference} ${status}, ${means}, from ${status_since}${contested === 'yes' ? ', contested' : ''}`
}

function standingInRow(row: string): string {
  const status = cell(row, 'status')
  return standingIn({
    reference: referenceIn(row),
    status: statusIn(status),
    means: word(textOf(status, 'means')),
    status_since: day(plain(cell(row, 'date'))),
    contested: textOf(status, 'contested') === '' ? 'no' : 'yes',
  })
}

function countByStatus(rows: readonly Row[]): Record<string, number> {
  const counts: Record<string, number> = { active: 0, under_review: 0, annulled: 0, reassigned: 0 }
  for (const { status = '' } of rows) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
