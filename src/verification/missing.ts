import { sql } from 'kysely'
import type { Reader } from '../database/schema.ts'
import type { ChangeKind } from '../words/change-kind.ts'
import { Fault } from './fault.ts'

/** What each kind of change entered, and the table in which it has to be. */
const ENTERED = [
  { kind: 'user_added', table: 'users', noun: 'user' },
  { kind: 'party_added', table: 'parties', noun: 'party' },
  { kind: 'place_added', table: 'places', noun: 'place' },
  { kind: 'agreement_created', table: 'agreements', noun: 'agreement' },
  { kind: 'source_added', table: 'sources', noun: 'source' },
  { kind: 'claim_added', table: 'claims', noun: 'claim' },
] as const satisfies { kind: ChangeKind; table: string; noun: string }[]

/**
 * What the changes say was entered is still there: the other direction is with each table.
 * @throws Fault naming the first row that is missing, and the change that entered it.
 */
export async function checkNothingMissing(db: Reader): Promise<void> {
  for (const { kind, table, noun } of ENTERED) {
    const { rows } = await sql<{ id: number; subject: string }>`
      select changes.id, changes.subject from changes where changes.kind = ${kind} and not exists (
        select 1 from ${sql.table(table)} as entered where ${`${noun}:`} || entered.id = changes.subject)
      order by changes.id limit 1`.execute(db)
    const [missing] = rows
    if (missing)
      throw new Fault(
        `${noun} ${missing.subject.slice(noun.length + 1)}, which change ${missing.id} entered, is missing from ${table}`,
      )
  }
}
