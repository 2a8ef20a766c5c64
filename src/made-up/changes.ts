import { portrait } from '../agreements/agreement.ts'
import { MEANS_OF } from '../words/status.ts'
import { transitionsFrom } from '../positions/workflow.ts'
import { countsFrom } from '../standing/contested.ts'
import type { PartialDate } from '../time/partial-date.ts'
import { difference, filled } from '../history/change.ts'
import { LAST_INSTANT } from '../time/moment.ts'
import { type Directories, madeUpDate } from './directories.ts'
import { addPosition, closeVersion, type Draft, type Standing } from './draft.ts'
import type { RowBuffer } from './rows.ts'
import { REASONS, SPEAKERS } from './words.ts'
import type { Random } from './random.ts'

const DAY = 86_400_000
const LATEST = Date.parse('2026-11-01')

/** One thing happens to an agreement: somebody claims something, its status changes, or it is edited. */
export function changeAgreement(random: Random, directories: Directories, rows: RowBuffer, draft: Draft): void {
  const dice = random.next()
  if (dice < 0.5) addClaim(random, directories, rows, draft)
  else if (dice < 0.88) changeStatus(random, rows, draft)
  else edit(random, rows, draft)
}

function addClaim(random: Random, { sources }: Directories, rows: RowBuffer, draft: Draft): void {
  const id = rows.nextId('claims')
  const source = random.pick(sources)
  const claim = {
    asserted_by: random.pick(SPEAKERS),
    stance: random.chance(0.85) ? ('asserts' as const) : ('denies' as const),
    status: random.chance(0.7)
      ? draft.standing.status
      : random.pick(['active', 'under_review', 'annulled', 'reassigned'] as const),
    means: null,
    effective_on: random.chance(0.8) ? dayAfter(random, draft) : null,
    said_on: null,
    note: null,
    scope: null,
  }
  rows.add('claims', {
    id,
    source_id: source.quoted.id,
    ...claim,
    credibility: random.whole(1, 6),
    status_fit: 'exact',
    recorded_at: rows.at,
    recorded_by: rows.unit.actor,
    withdrawn_at: null,
  })
  rows.add('claim_agreements', { claim_id: id, agreement_id: draft.id })
  draft.history.claims.push({
    ...claim,
    counts_from: countsFrom({ ...claim, published_on: source.published_on }),
    known_from: rows.at,
    known_to: LAST_INSTANT,
  })
  rows.record({
    kind: 'claim_added',
    subject: `claim:${id}`,
    agreement: draft.id,
    version: null,
    before: null,
    after: filled({ ...claim, agreements: [draft.reference], sources: [source.quoted] }),
    reason: null,
  })
}

function changeStatus(random: Random, rows: RowBuffer, draft: Draft): void {
  const before = draft.standing
  const { to } = random.pick(transitionsFrom(before.status))
  const after: Standing = { status: to, means: random.pick(MEANS_OF[to]), status_since: dayAfter(random, draft) }
  const reason = random.pick(REASONS)
  closeVersion(rows, draft)
  draft.standing = after
  const change = rows.record({
    kind: 'status_changed',
    subject: `agreement:${draft.id}`,
    agreement: draft.id,
    version: draft.version,
    before: { ...before },
    after: { ...after, effective_on: after.status_since, sources: [] },
    reason,
  })
  addPosition(rows, draft, { reason, change })
}

function edit(random: Random, rows: RowBuffer, draft: Draft): void {
  const facts = {
    ...draft.facts,
    lead: random.pick(['A. Haddad', 'M. Petrova', 'L. Moreau', 'S. Khan']),
    next_review_on: madeUpDate(random, 2027),
  }
  const changed = difference(portrait(draft.facts, draft.parts), portrait(facts, draft.parts)) ?? {
    before: {},
    after: {},
  }
  closeVersion(rows, draft)
  draft.facts = facts
  rows.record({
    kind: 'agreement_edited',
    subject: `agreement:${draft.id}`,
    agreement: draft.id,
    version: draft.version,
    ...changed,
    reason: null,
  })
}

/** A day after the last thing that happened to an agreement, until late 2026. */
function dayAfter(random: Random, draft: Draft): PartialDate {
  draft.day = Math.min(LATEST, draft.day + Math.floor(random.next() * 900) * DAY)
  return new Date(draft.day).toISOString().slice(0, 10) as PartialDate
}
