import { type Expression, type ExpressionBuilder, sql, type SqlBool } from 'kysely'
import { type EngineName, engineOf } from '../database/engines/engine.ts'
import { jsonField } from '../database/engines/json.ts'
import type { Reader, Schema } from '../database/schema.ts'
import { stoodAt } from '../standing/at.ts'
import { countsFromIn, firstDayIn } from '../standing/counts-from.ts'
import { publishedThen } from '../standing/source-then.ts'
import type { Moment } from '../time/moment.ts'
import { ACCOUNT_CHANGE_KINDS, type ChangeKind } from '../words/change-kind.ts'
import type { Names } from '../words/person.ts'

/**
 * Which entries of the history: of one agreement, by whom, of what kind, on which day (UTC); and of a moment: those recorded by
 * then that do not speak of a later day of effect.
 */
export interface ChangeFilter {
  agreementId?: number
  /** Those that made later versions of an agreement than this one. */
  afterVersion?: number
  moment?: Moment
  actor?: number
  kind?: ChangeKind
  day?: string
  /** Whether people are called by their names; entries about accounts are not there where they are not. */
  names: Names
}

/** The one WHERE of page, counts and exports. */
export function conditions(
  db: Reader,
  eb: ExpressionBuilder<Schema, 'changes'>,
  filter: ChangeFilter,
): Expression<SqlBool> {
  const all: Expression<SqlBool>[] = []
  if (filter.names === 'hidden') all.push(eb('changes.kind', 'not in', ACCOUNT_CHANGE_KINDS))
  if (filter.agreementId !== undefined) all.push(eb('changes.id', 'in', idsAbout(db, filter.agreementId)))
  if (filter.afterVersion !== undefined) all.push(eb('changes.version', '>', filter.afterVersion))
  if (filter.actor !== undefined) all.push(eb('changes.actor', '=', filter.actor))
  if (filter.kind !== undefined) all.push(eb('changes.kind', '=', filter.kind))
  // `U` follows the `T` that parts day and time.
  if (filter.day !== undefined) all.push(eb('recorded_at', '>=', filter.day), eb('recorded_at', '<', `${filter.day}U`))
  const { instant = null, day: asOf = null } = filter.moment ?? {}
  if (instant !== null) all.push(eb('recorded_at', '<=', instant))
  if (asOf !== null && filter.moment) {
    all.push(sql<SqlBool>`${dayOfChange(engineOf(db), instant)} <= ${asOf}`)
    // What did not stand yet is not in the register of that day, and neither is what was entered of it. (Of one agreement it is known
    // already that it stood.)
    if (filter.agreementId === undefined)
      all.push(sql<SqlBool>`(changes.agreement is null or changes.agreement in (
        select agreement_id from standings as standing where ${stoodAt(filter.moment, asOf)}))`)
  }
  return eb.and(all)
}

/**
 * The first day that an entry speaks of: of a claim the day from which it counts, of a source its publication, of a position its day of
 * effect; empty for what has no day, such as an edit.
 */
function dayOfChange(engine: EngineName, instant: string | null) {
  return sql<string>`case
    when subject like 'claim:%' then (
      select ${countsFromIn(engine, instant)} from claims join sources on sources.id = source_id
      where claims.id = cast(substr(subject, 7) as integer))
    when subject like 'source:%' then (
      select ${firstDayIn(publishedThen(engine, instant))} from sources where sources.id = cast(substr(subject, 8) as integer))
    else ${firstDayIn(jsonField(engine, 'after', 'effective_on'))} end`
}

/** An agreement's own entries, and those of claims that cover it together with others. */
function idsAbout(db: Reader, agreementId: number) {
  const claims = db
    .selectFrom('claim_agreements')
    .select(sql<string>`'claim:' || claim_id`.as('subject'))
    .where('agreement_id', '=', agreementId)
  return db
    .selectFrom('changes as own')
    .select('own.id')
    .where('own.agreement', '=', agreementId)
    .union(db.selectFrom('changes as shared').select('shared.id').where('shared.subject', 'in', claims))
}
