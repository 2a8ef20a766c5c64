import { sql, type SqlBool } from 'kysely'
import { listClaims, type ListedClaim } from '../claims/queries.ts'
import { gradeOf } from '../words/claim.ts'
import type { Database } from '../database/database.ts'
import { type ListedPosition, listPositions } from '../positions/queries.ts'
import type { Reader } from '../database/schema.ts'
import type { Moment } from '../time/moment.ts'
import type { Names } from '../words/person.ts'
import type { AgreementNote, AgreementParts } from '../database/tables/agreements.ts'
import { AGREEMENT_CSV_COLUMNS, agreementCsvValues } from './csv.ts'
import type { ListedAgreement } from '../standing/mention.ts'
import { streamAgreements } from './queries.ts'
import type { ResolvedFilter } from './conditions.ts'

/**
 * Every row of a filter as JSON (docs/json.md): an array of objects with the columns of the CSV as keys (what is empty is null), and
 * each agreement's positions and claims at the moment. Read from one state of the register, however long the reader takes.
 */
export async function* agreementsJson(
  db: Database,
  resolved: ResolvedFilter,
  { baseUrl, names }: { baseUrl: string; names: Names },
): AsyncGenerator<string> {
  const { moment } = resolved
  const snapshot = await db.snapshot()
  try {
    let separator = '[\n'
    for await (const rows of streamAgreements(snapshot, resolved)) {
      const ids = rows.map(({ id }) => id)
      const positions = byAgreement(await listPositions(snapshot.read, ids, moment, names))
      const claims = byAgreement(await listClaims(snapshot.read, ids, moment, names))
      const versions = await readVersions(snapshot.read, rows)
      let text = ''
      for (const row of rows) {
        const own = { positions: positions.get(row.id) ?? [], claims: claims.get(row.id) ?? [] }
        text +=
          separator + JSON.stringify(agreementJson(row, { ...own, version: versions.get(row.id) }, baseUrl, moment))
        separator = ',\n'
      }
      yield text
    }
    yield separator === '[\n' ? '[]\n' : '\n]\n'
  } finally {
    await snapshot.close()
  }
}

interface Belonging {
  positions: readonly ListedPosition[]
  claims: readonly ListedClaim[]
  version: VersionJson | undefined
}

interface VersionJson {
  term: string | null
  value_note: string | null
  titles: { lang: string; title: string }[]
  relations: { kind: string; reference: string }[]
  notes: AgreementNote[]
}

/** What the versions behind some rows hold that the list does not. */
async function readVersions(db: Reader, rows: readonly ListedAgreement[]): Promise<Map<number, VersionJson>> {
  const wanted = sql.join(rows.map(({ id, version }) => sql`(cast(${id} as integer), cast(${version} as integer))`))
  const versions = await db
    .selectFrom('agreement_versions')
    .select(['agreement_id', 'term', 'value_note', 'parts'])
    .where(sql<SqlBool>`(agreement_id, version) in (values ${wanted})`)
    .execute()
  return new Map(
    versions.map(({ agreement_id, term, value_note, parts }) => {
      const { titles, relations, notes } = JSON.parse(parts) as AgreementParts
      return [
        agreement_id,
        {
          term,
          value_note,
          titles: titles.map(({ lang, title }) => ({ lang, title })),
          relations: relations.map(({ kind, reference }) => ({ kind, reference })),
          notes,
        },
      ]
    }),
  )
}

function agreementJson(
  row: ListedAgreement,
  { positions, claims, version }: Belonging,
  baseUrl: string,
  moment: Moment,
) {
  const values = agreementCsvValues(row, baseUrl, moment)
  return {
    ...Object.fromEntries(
      AGREEMENT_CSV_COLUMNS.map((column, index) => [column, values[index] === '' ? null : (values[index] ?? null)]),
    ),
    ...version,
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
      grade: claim.reliability === null && claim.credibility === null ? null : gradeOf(claim),
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
