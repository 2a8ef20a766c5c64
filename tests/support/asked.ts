import { parse } from 'csv-parse/sync'
import type { TestApp } from './test-app.ts'

export type CsvRow = Record<string, string>

/** An agreement as its row has it. */
export const agreementRow = ({ context }: TestApp, reference: string) =>
  context.db.read.selectFrom('agreements').selectAll().where('reference', '=', reference).executeTakeFirstOrThrow()

/** The entries of the history about a claim or a source (`claim:1`), or about an agreement (by its id), oldest first. */
export async function entriesOf({ context }: TestApp, of: { subject: string } | { agreement: number }) {
  const changes = context.db.read.selectFrom('changes').selectAll().orderBy('id')
  const rows = await (
    'subject' in of ? changes.where('subject', '=', of.subject) : changes.where('agreement', '=', of.agreement)
  ).execute()
  return rows.map(({ before, after, ...change }) => ({
    ...change,
    before: JSON.parse(before ?? 'null') as Record<string, unknown>,
    after: JSON.parse(after ?? 'null') as Record<string, unknown>,
  }))
}

/** The rows of an export. */
export async function csvRows({ reader }: TestApp, address: string): Promise<CsvRow[]> {
  const { text } = await reader.get(address).expect(200)
  return parse<CsvRow>(text, { columns: true })
}

/** The entry of the history that a form was opened with, as the form sends it back. */
export const seenIn = (text: string): string => / name="seen" value="(\d+)"/.exec(text)?.[1] ?? ''

/** What stands in an attribute, as a browser reads it. */
export const decoded = (html: string): string =>
  html
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
