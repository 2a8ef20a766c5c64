import type { TestApp } from '../support/test-app.ts'
import { type Answers, pageOf, type Row } from './ask.ts'
import { entriesOf, minute } from './changes.ts'
import type { Query } from './command-line.ts'
import { exportOf, exportsOf } from './export.ts'
import { cell, day, plain, referenceIn, rowsOf, section, statusIn, textOf } from './page.ts'

/** What a page says for each stance. */
const STANCES: Record<string, string> = { says: 'asserts', denies: 'denies', 'declines to confirm': 'declines' }

/**
 * Who said what of an agreement, when and in which publication: `2025-02-28 Dmitry Trifonov denies annulled, gCaptain`. The CSV is
 * that of the whole history, which holds the sources too; the command line tells of claims in JSON.
 */
export async function claimsAbout(app: TestApp, reference: string, moment: Query = {}): Promise<Answers<string[]>> {
  const [page, entries, { claims }] = await Promise.all([
    pageOf(app, `/agreements/${reference}/claims`, moment),
    entriesOf(app, '/changes.csv', moment),
    exportOf(app, reference, moment),
  ])
  const sources = entries.filter(({ kind }) => kind === 'source_added').map(({ after }) => after)
  const recorded = entries.filter(({ kind, agreement, after }) =>
    kind === 'claim_added' ? [agreement, ...(after['agreements'] ?? '').split('; ')].includes(reference) : false,
  )
  const sourceOf = (cited: string) => sources.find(({ url = '' }) => cited.endsWith(url))
  return {
    page: claimRows(page).map(claimInRow).sort(),
    csv: recorded.map(({ after, sources: cited }) => claimLine({ ...after, ...sourceOf(cited) })).sort(),
    commandLine: claims.map(({ source, ...claim }) => claimLine({ ...claim, ...source })).sort(),
  }
}

/** When the register learnt what somebody said of an agreement, to the minute, and from whom. */
export async function learnt(app: TestApp, reference: string, speaker: string): Promise<Answers<string>> {
  const [page, entries, { claims }] = await Promise.all([
    pageOf(app, `/agreements/${reference}/history`, { kind: 'claim_added' }),
    entriesOf(app, `/agreements/${reference}/history.csv`, { kind: 'claim_added' }),
    exportOf(app, reference),
  ])
  const item = page.split('<li class="change"').find((one) => plain(one).includes(`recorded a claim: ${speaker}`)) ?? ''
  const entry = entries.find(({ after }) => after['asserted_by'] === speaker)
  const claim = claims.find(({ asserted_by }) => asserted_by === speaker)
  return {
    page: minute(/<time datetime="([^"]+)"/.exec(item)?.[1] ?? ''),
    csv: minute(entry?.recorded_at ?? ''),
    commandLine: minute(claim?.recorded_at ?? ''),
  }
}

/** A claim among the evidence of an agreement: who said it, and in which publication. */
interface Said {
  about: string
  speaker: string
  publication: string
}

/** What one claim covers, from its page, from its entry in the history, and from all agreements that carry it in JSON. */
export async function coveredBy(app: TestApp, said: Said): Promise<Answers<string[]>> {
  const [page, entries, all] = await Promise.all([
    claimPage(app, said),
    entriesOf(app, '/changes.csv', { kind: 'claim_added' }),
    exportsOf(app, {}),
  ])
  const entry = entries.find(
    ({ after, sources }) => after['asserted_by'] === said.speaker && sources.includes(`${said.publication}, http`),
  )
  const carrying = all.filter(({ claims }) =>
    claims.some(({ asserted_by, source }) => asserted_by === said.speaker && source.publisher === said.publication),
  )
  return {
    page: rowsOf(section(page, 'about')).map(referenceIn).sort(),
    csv: (entry?.after['agreements']?.split('; ') ?? []).sort(),
    commandLine: carrying.map((one) => one.reference).sort(),
  }
}

/** Where the agreements of a claim stood, and what rested on it, as the claim's page shows them. */
export async function shownOnClaimPage(
  app: TestApp,
  said: Said,
  moment: Query,
): Promise<{ stood: string[]; carries: string }> {
  const page = await claimPage(app, said, moment)
  return {
    stood: rowsOf(section(page, 'about')).map((row) => `${referenceIn(row)} ${statusIn(row)}`),
    carries: plain(/<ul class="notes">([\s\S]*?)<\/ul>/.exec(section(page, 'carries'))?.[1] ?? ''),
  }
}

/** What was weighed and why it counts no longer: speaker and reason. */
export async function settledAbout(app: TestApp, reference: string): Promise<Answers<string[]>> {
  const [page, entries, { claims }] = await Promise.all([
    pageOf(app, `/agreements/${reference}/claims`),
    entriesOf(app, `/agreements/${reference}/history.csv`, { kind: 'claim_settled' }),
    exportOf(app, reference),
  ])
  const settled = claimRows(page).flatMap((row) => {
    const [, because] = /Settled by [^:]*: (.*)$/.exec(plain(cell(row, 'who'))) ?? []
    return because === undefined ? [] : [`${speakerIn(row)}: ${because}`]
  })
  const exportedSettled = claims.flatMap(({ asserted_by, settled_because }) =>
    settled_because === null ? [] : [`${asserted_by}: ${settled_because}`],
  )
  return {
    page: settled.sort(),
    csv: entries.map(({ after, reason }) => `${after['claim']?.replace(/ says Annulled$/, '')}: ${reason}`).sort(),
    commandLine: exportedSettled.sort(),
  }
}

async function claimPage(app: TestApp, { about, speaker, publication }: Said, moment: Query = {}): Promise<string> {
  const rows = claimRows(await pageOf(app, `/agreements/${about}/claims`, moment))
  const row = rows.find((one) => speakerIn(one) === speaker && publicationIn(one) === publication) ?? ''
  return pageOf(app, /href="(\/claims\/\d+)[?"]/.exec(row)?.[1] ?? '', moment)
}

function claimRows(page: string): string[] {
  return rowsOf(section(page, 'evidence')).filter((row) => row.includes('id="claim-'))
}

type ClaimLine = Partial<
  Record<'asserted_by' | 'stance' | 'status' | 'said_on' | 'published_on' | 'publisher', string | null>
>

function claimLine({ asserted_by, stance, status, said_on, published_on, publisher }: ClaimLine | Row): string {
  return `${said_on ?? published_on ?? 'unknown'} ${asserted_by} ${stance} ${status}, ${publisher}`
}

function claimInRow(row: string): string {
  const what = cell(row, 'what')
  const said = plain(cell(row, 'date'))
  const stance = plain(/class="stance-\w+">([^<]+)</.exec(what)?.[1] ?? '')
  return claimLine({
    asserted_by: speakerIn(row),
    stance: STANCES[stance] ?? stance,
    status: statusIn(what),
    said_on: said === 'not known' ? null : day(said),
    publisher: publicationIn(row),
  })
}

function speakerIn(row: string): string {
  return plain(/<b dir="auto">([^<]*)<\/b>/.exec(row)?.[1] ?? '')
}

function publicationIn(row: string): string {
  const who = cell(row, 'who')
  return plain(/<bdi>([^<]*)<\/bdi> ·/.exec(who)?.[1] ?? textOf(who, 'source'))
}
