import type { Reader } from '../database/schema.ts'
import { LAST_INSTANT } from '../time/moment.ts'
import { Fault } from './fault.ts'
import { readKinds, type ToldChange } from './told.ts'

/**
 * Settlements and ties of claims are those that the decisions about them say, played again in order.
 * @throws Fault naming the first row that does not follow, or that is missing.
 */
export async function checkDecisions(db: Reader): Promise<void> {
  const changes = await readKinds(db, [
    'claim_settled',
    'claim_reopened',
    'claim_tied',
    'claim_untied',
    'claim_withdrawn',
  ])
  await checkSettlements(db, changes)
  await checkTies(db, changes)
}

interface Settlement {
  claim_id: number
  reference: string
  settled_at: string
  settled_by: number
  reason: string | null
  reopened_at: string | null
}

async function checkSettlements(db: Reader, changes: readonly ToldChange[]): Promise<void> {
  const told: (Settlement & { change: number })[] = []
  const open = new Map<string, Settlement>()
  for (const { id, kind, of, actor, recorded_at, reason, after } of changes) {
    if (kind !== 'claim_settled' && kind !== 'claim_reopened') continue
    for (const reference of referencesOf(after)) {
      const key = `${of} ${reference}`
      if (kind === 'claim_reopened') {
        const settlement = open.get(key)
        if (settlement) settlement.reopened_at = recorded_at
        open.delete(key)
      } else {
        const row = { claim_id: of, reference, settled_at: recorded_at, settled_by: actor, reason, reopened_at: null }
        const settlement = { ...row, change: id }
        told.push(settlement)
        open.set(key, settlement)
      }
    }
  }
  const rows = await db
    .selectFrom('claim_settlements')
    .leftJoin('agreements', 'agreements.id', 'agreement_id')
    .select(['claim_settlements.id', 'claim_id', 'reference', 'settled_at', 'settled_by', 'reason', 'reopened_at'])
    .orderBy('claim_settlements.id')
    .execute()
  const textOf = ({
    claim_id,
    reference,
    settled_at,
    settled_by,
    reason,
    reopened_at,
  }: Omit<Settlement, 'reference'> & { reference: string | null }) =>
    JSON.stringify([claim_id, reference, settled_at, settled_by, reason, reopened_at])
  const expected = new Map(told.map((settlement) => [textOf(settlement), settlement]))
  for (const row of rows) {
    if (!expected.delete(textOf(row)))
      throw new Fault(`settlement ${row.id} of claim ${row.claim_id} is not what the changes of that claim say`)
  }
  const [missing] = expected.values()
  if (missing)
    throw new Fault(
      `the settlement of claim ${missing.claim_id} about ${missing.reference}, which change ${missing.change} recorded, is missing from claim_settlements`,
    )
}

interface Tie {
  claim_id: number
  statement_id: number
  known_from: string
  known_to: string
}

async function checkTies(db: Reader, changes: readonly ToldChange[]): Promise<void> {
  const ties = new Ties()
  for (const change of changes) ties.take(change)
  const expected = new Set(ties.all().map(tieText))
  const rows = await db.selectFrom('claim_ties').selectAll().orderBy('claim_id').orderBy('known_from').execute()
  for (const row of rows)
    if (!expected.delete(tieText(row)))
      throw new Fault(
        `the tie of claim ${row.claim_id} from ${row.known_from} is not what the changes say (claim_ties)`,
      )
  const [missing] = expected
  if (missing !== undefined)
    throw new Fault(`the tie of claim ${JSON.parse(missing)[0]}, which the changes say, is missing from claim_ties`)
}

const tieText = ({ claim_id, statement_id, known_from, known_to }: Tie) =>
  JSON.stringify([claim_id, statement_id, known_from, known_to])

/** Which claims repeat which, over time: the rules of `src/claims/ties.ts` and `withdraw.ts`. */
class Ties {
  readonly #open = new Map<number, Tie>()
  readonly #ended: Tie[] = []

  take({ kind, of, recorded_at, after }: ToldChange): void {
    if (kind === 'claim_tied') this.#tieAll(of, Number(after['repeats']), recorded_at)
    if (kind === 'claim_untied') this.#end(of, recorded_at)
    if (kind === 'claim_withdrawn') this.#withdraw(of, recorded_at)
  }

  all(): Tie[] {
    return [...this.#ended, ...this.#open.values()]
  }

  #tieAll(claim: number, repeats: number, at: string): void {
    const statement = this.#open.get(repeats)?.statement_id ?? repeats
    for (const copy of [claim, ...this.#copiesOf(claim)]) this.#tie(copy, statement, at)
  }

  #withdraw(claim: number, at: string): void {
    this.#end(claim, at)
    const [heir, ...copies] = this.#copiesOf(claim)
    if (heir === undefined) return
    this.#end(heir, at)
    for (const copy of copies) this.#tie(copy, heir, at)
  }

  #copiesOf(statement: number): number[] {
    return [...this.#open.values()]
      .filter(({ statement_id }) => statement_id === statement)
      .map(({ claim_id }) => claim_id)
      .sort((a, b) => a - b)
  }

  #tie(claim_id: number, statement_id: number, at: string): void {
    this.#end(claim_id, at)
    this.#open.set(claim_id, { claim_id, statement_id, known_from: at, known_to: LAST_INSTANT })
  }

  #end(claim: number, at: string): void {
    const tie = this.#open.get(claim)
    if (!tie) return
    this.#open.delete(claim)
    if (tie.known_from !== at) this.#ended.push({ ...tie, known_to: at })
  }
}

function referencesOf(after: ToldChange['after']): string[] {
  const told = after['agreements']
  return Array.isArray(told) ? told.map(String) : []
}
