import type { Reader } from '../database/schema.ts'
import type { ChangedFields, ToldStored } from '../history/change.ts'
import { readTold } from '../history/told.ts'
import type { ChangeKind } from '../words/change-kind.ts'

/** A change as a verification reads it. */
export interface ToldChange {
  id: number
  kind: ChangeKind
  actor: number
  /** The number of what it is about. */
  of: number
  recorded_at: string
  reason: string | null
  after: ChangedFields
  /** What it wrote that its words do not tell; empty in entries of versions of this program that did not say it. */
  stored: ToldStored
}

interface ReadChange {
  id: number
  kind: ChangeKind
  actor: number
  subject: string
  recorded_at: string
  reason: string | null
  after: string | null
}

function toldChange({ subject, after, ...change }: ReadChange): ToldChange {
  const fields = readTold(change.kind, after) ?? {}
  return {
    ...change,
    of: Number(subject.slice(subject.indexOf(':') + 1)),
    after: fields,
    stored: (fields['stored'] ?? {}) as ToldStored,
  }
}

const COLUMNS = ['id', 'kind', 'actor', 'subject', 'recorded_at', 'reason', 'after'] as const

/** The changes of some kinds, oldest first. */
export async function readKinds(db: Reader, kinds: readonly ChangeKind[]): Promise<ToldChange[]> {
  const rows = await db.selectFrom('changes').select(COLUMNS).where('kind', 'in', kinds).orderBy('id').execute()
  return rows.map(toldChange)
}

/** The changes about some things, by the thing's number, oldest first. */
export async function readSubjects(
  db: Reader,
  noun: 'claim' | 'source',
  ids: readonly number[],
): Promise<Map<number, ToldChange[]>> {
  const subjects = ids.map((id) => `${noun}:${id}`)
  const rows = await db.selectFrom('changes').select(COLUMNS).where('subject', 'in', subjects).orderBy('id').execute()
  return Map.groupBy(rows.map(toldChange), ({ of }) => of)
}
