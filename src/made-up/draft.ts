import type { AgreementFacts, AgreementParts } from '../database/tables/agreements.ts'
import { listColumns } from '../agreements/agreement.ts'
import type { Means, Status } from '../words/status.ts'
import { firstDay, type PartialDate } from '../time/partial-date.ts'
import { fold } from '../names/name.ts'
import { LAST_INSTANT } from '../time/moment.ts'
import type { KnownHistory } from '../standing/standing.ts'
import type { RowBuffer } from './rows.ts'

export interface Standing {
  status: Status
  means: Means | null
  status_since: PartialDate
}

/** One agreement while it is made: its present row, and what the next change builds on. */
export interface Draft {
  id: number
  reference: string
  facts: AgreementFacts
  parts: AgreementParts
  partsText: string
  standing: Standing
  version: number
  /** When its present version was recorded, and when it was entered. */
  versionFrom: string
  createdAt: string
  history: {
    positions: KnownHistory['positions'][number][]
    claims: KnownHistory['claims'][number][]
    listed: KnownHistory['listed'][number][]
  }
  /** The last day on which something happened to it, in milliseconds. */
  day: number
}

/** Keeps what an agreement was until now as a version, and begins the next. */
export function closeVersion(rows: RowBuffer, draft: Draft): void {
  rows.add('agreement_versions', {
    agreement_id: draft.id,
    recorded_from: draft.versionFrom,
    recorded_to: rows.at,
    parts: draft.partsText,
    title_sort: fold(draft.facts.title),
    ...columnsOf(draft),
  })
  const { kind, sector } = draft.facts
  draft.history.listed.push({ kind, sector, known_from: draft.versionFrom, known_to: rows.at })
  draft.version += 1
  draft.versionFrom = rows.at
}

/** Records where an agreement stands now as its newest position. */
export function addPosition(
  rows: RowBuffer,
  { id: agreement_id, standing, history }: Draft,
  { reason, change }: { reason: string; change: number },
): void {
  const { status, means, status_since: effective_on } = standing
  const id = rows.nextId('positions')
  rows.add('positions', {
    id,
    agreement_id,
    status,
    means,
    effective_on,
    reason,
    decided_by: rows.unit.actor,
    recorded_at: rows.at,
    superseded_at: null,
    change_id: change,
    corrects_id: null,
  })
  const known = { known_from: rows.at, known_to: LAST_INSTANT }
  history.positions.push({ id, status, means, effective_on, effective_day: firstDay(effective_on), ...known })
}

/** The columns that the present row and its newest version share. */
export function columnsOf({ facts, parts, standing, version, versionFrom }: Draft) {
  return { ...facts, ...standing, ...listColumns(parts), version, updated_at: versionFrom }
}
