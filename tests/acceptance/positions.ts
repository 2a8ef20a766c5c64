import type { TestApp } from '../support/test-app.ts'
import { type Answers, csvOf, pageOf } from './ask.ts'
import { type Entry, entriesOf, minute } from './changes.ts'
import type { Query } from './command-line.ts'
import { exportOf } from './export.ts'
import { day, plain, section, statusIn, textOf, word } from './page.ts'

/** The changes by which the register takes a position. */
const KINDS = new Set(['agreement_created', 'status_changed', 'position_corrected'])

/**
 * The register's own positions with who took them when: `annulled, terminated, from 2025-01, recorded 2025-01-23 10:00 by Ada`. The
 * CSV is that of the history; the command line tells of positions in JSON.
 */
export async function positionsOf(app: TestApp, reference: string, moment: Query = {}): Promise<Answers<string[]>> {
  const [page, entries, { positions }] = await Promise.all([
    pageOf(app, `/agreements/${reference}`, moment),
    entriesOf(app, `/agreements/${reference}/history.csv`, moment),
    exportOf(app, reference, moment),
  ])
  const corrected = new Set(entries.map(({ after }) => after['corrects']))
  const standing = entries.filter(({ kind, change }) => KINDS.has(kind) && !corrected.has(`change ${change}`))
  return {
    page: positionItems(page).map(positionInItem),
    csv: standing.map(positionInEntry),
    commandLine: positions.map(({ status, means, effective_on, recorded_at, decided_by }) =>
      positionLine({ status, means, since: effective_on, at: minute(recorded_at), by: decided_by }),
    ),
  }
}

/** The corrections of positions: which change was wrong, who put it right when, and why. */
export async function correctionsOf(app: TestApp, reference: string): Promise<Answers<string[]>> {
  const [page, entries, { positions }] = await Promise.all([
    pageOf(app, `/agreements/${reference}`),
    entriesOf(app, `/agreements/${reference}/history.csv`, { kind: 'position_corrected' }),
    exportOf(app, reference),
  ])
  const line = (wrong: string, at: string, by: string, why: string) => `${wrong} corrected ${at} by ${by}: ${why}`
  return {
    page: positionItems(page).flatMap((item) => {
      const [, wrong] = /in the place of .* \((change \d+)\)/.exec(plain(item)) ?? []
      const { at, by } = recordedIn(item)
      return wrong === undefined ? [] : [line(wrong, at, by, textOf(item, 'position-reason'))]
    }),
    csv: entries.map(({ after, recorded_at, actor, reason }) =>
      line(after['corrects'] ?? '', minute(recorded_at), actor, reason),
    ),
    commandLine: positions.flatMap(({ corrects, recorded_at, decided_by, reason }) =>
      corrects === null ? [] : [line(`change ${corrects}`, minute(recorded_at), decided_by, reason)],
    ),
  }
}

/** Whose words the newest position by a day rests on; the CSV is that of the comparison with the day before everything. */
export async function restsOn(app: TestApp, reference: string, as_of: string): Promise<Answers<string[]>> {
  const [page, csv, { positions, claims }] = await Promise.all([
    pageOf(app, `/agreements/${reference}`, { as_of }),
    csvOf(app, '/compare.csv', { from: '2024-12-08', to: as_of }),
    exportOf(app, reference, { as_of }),
  ])
  const item = positionItems(page).at(-1) ?? ''
  const ids = positions.at(-1)?.claims ?? []
  return {
    page: [...item.matchAll(/<li><bdi>([^<]*)<\/bdi>, in/g)].map(([, speaker = '']) => plain(speaker)),
    csv: csv.find((row) => row['reference'] === reference)?.['said_by']?.split('; ') ?? [],
    commandLine: ids.flatMap((id) => claims.find((claim) => claim.id === id)?.asserted_by ?? []),
  }
}

/** The positions of a dossier, the earliest first. */
function positionItems(page: string): string[] {
  return section(page, 'positions').split('<li class="position"').slice(1).toReversed()
}

interface PositionLine {
  status: string
  means: string
  since: string
  at: string
  by: string
}

function positionLine({ status, means, since, at, by }: PositionLine): string {
  return `${status}, ${means}, from ${since}, recorded ${at} by ${by}`
}

function positionInItem(item: string): string {
  return positionLine({
    status: statusIn(item),
    means: word(textOf(item, 'means')),
    since: day(textOf(item, 'position-day').replace('from ', '')),
    ...recordedIn(item),
  })
}

function recordedIn(item: string): { at: string; by: string } {
  const [, by = '', date = '', time = ''] = /Recorded by (.+?) ?, (\d[^,]*), (\d\d:\d\d) UTC/.exec(plain(item)) ?? []
  return { at: `${day(date)} ${time}`, by }
}

function positionInEntry({ after, recorded_at, actor }: Entry): string {
  const { status = '', means = '', status_since = '' } = after
  return positionLine({ status, means, since: status_since, at: minute(recorded_at), by: actor })
}
