import { listClaims, type ListedClaim } from '../claims/queries.ts'
import { gradeOf } from '../claims/claim.ts'
import type { Snapshot } from '../database/database.ts'
import { type ListedPosition, listPositions } from '../positions/queries.ts'
import type { Moment } from '../standing/moment.ts'
import { AGREEMENT_CSV_COLUMNS, agreementCsvValues } from './csv.ts'
import { everyAgreement, type ListedAgreement, type ResolvedFilter } from './queries.ts'

/**
 * Every row of a filter as JSON (docs/json.md): an array of objects with the columns of the CSV as keys (what is empty is null), and
 * each agreement's positions and claims at the moment. Read from one state of the register, however long the reader takes.
 */
export async function* agreementsJson(
  snapshot: Snapshot,
  resolved: ResolvedFilter,
  baseUrl: string,
): AsyncGenerator<string> {
  const { moment } = resolved
  let separator = '[\n'
  for await (const rows of snapshot.stream(everyAgreement(snapshot.read, resolved))) {
    const ids = rows.map(({ id }) => id)
    const positions = byAgreement(await listPositions(snapshot.read, ids, moment))
    const claims = byAgreement(await listClaims(snapshot.read, ids, moment))
    let text = ''
    for (const row of rows) {
      text +=
        separator +
        JSON.stringify(agreementJson(row, positions.get(row.id) ?? [], claims.get(row.id) ?? [], baseUrl, moment))
      separator = ',\n'
    }
    yield text
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n'
}

function agreementJson(
  row: ListedAgreement,
  positions: readonly ListedPosition[],
  claims: readonly ListedClaim[],
  baseUrl: string,
  moment: Moment,
) {
  const values = agreementCsvValues(row, baseUrl, moment)
  return {
    ...Object.fromEntries(AGREEMENT_CSV_COLUMNS.map((column, index) => [column, values[index] ?? null])),
    positions: positions.map((position) => ({
      status: position.status,
      means: position.means,
      effective_on: position.effective_on,
      reason: position.reason,
      decided_by: position.decided_by,
      recorded_at: position.recorded_at,
      change: position.change_id,
      corrects: position.corrected_change,
      claims: position.evidence.flatMap(({ claim_id }) => claim_id ?? []),
      sources: position.evidence.map(({ title, publisher, url }) => ({ title, publisher, url })),
    })),
    claims: claims.map((claim) => ({
      id: claim.id,
      asserted_by: claim.asserted_by,
      stance: claim.stance,
      status: claim.status,
      means: claim.means,
      effective_on: claim.effective_on,
      said_on: claim.said_on,
      counts_from: claim.counts_from === '' ? null : claim.counts_from,
      grade: gradeOf(claim),
      note: claim.note,
      scope: claim.scope,
      repeats: claim.statement_id === claim.id ? null : claim.statement_id,
      settled_at: claim.settled_at,
      settled_because: claim.settled_because,
      recorded_at: claim.recorded_at,
      source: {
        title: claim.source_title,
        publisher: claim.publisher,
        url: claim.url,
        lang: claim.source_lang,
        published_on: claim.published_on,
        reliability: claim.reliability,
      },
    })),
  }
}

function byAgreement<Row extends { agreement_id: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const found = new Map<number, Row[]>()
  for (const row of rows) {
    const known = found.get(row.agreement_id)
    if (known) known.push(row)
    else found.set(row.agreement_id, [row])
  }
  return found
}
