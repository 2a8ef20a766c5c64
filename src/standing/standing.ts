import type { AgreementKind } from '../words/kind.ts'
import { inOrder, type Position } from './position.ts'
import type { Means, Status } from '../words/status.ts'
import { contestedFrom, type DatedClaim } from './contested.ts'
import type { PartialDate } from '../time/partial-date.ts'
import { FIRST_DAY, LAST_DAY, LAST_INSTANT } from '../time/moment.ts'

/**
 * Where an agreement stands from one day up to (and without) another, by what is known: one cell of its two times. What an
 * agreement is listed under goes with it, so that counting reads nothing else.
 */
export interface Standing {
  position_id: number
  status: Status
  means: Means | null
  status_since: PartialDate
  contested: 0 | 1
  /** 1 for the time before a first position that lies ahead: the agreement is listed by it, but did not stand yet. */
  announced: 0 | 1
  day_from: string
  day_to: string
}

/**
 * Every standing of an agreement, by its positions (in the order in which they took effect) and the claims that stand
 * against it. A position is uncontested until the first claim that contradicts it was said, and contested from then on.
 * @param today where the first position lies behind it, the agreement is announced until then
 */
export function standingsOf(positions: readonly Position[], claims: readonly DatedClaim[], today: string): Standing[] {
  const [first] = positions
  const announced =
    first && first.effective_day > today ? between(first, claims, FIRST_DAY, first.effective_day, 1) : []
  const stood = positions.flatMap((position, index) =>
    between(position, claims, position.effective_day, positions[index + 1]?.effective_day ?? LAST_DAY, 0),
  )
  return [...announced, ...stood]
}

function between(
  position: Position,
  claims: readonly DatedClaim[],
  day_from: string,
  day_to: string,
  announced: 0 | 1,
): Standing[] {
  // Of two positions from the same day, the one recorded last counts.
  if (day_from >= day_to) return []
  const { id: position_id, status, means, effective_on: status_since } = position
  const standing = (contested: 0 | 1, from: string, to: string): Standing => ({
    position_id,
    status,
    means,
    status_since,
    contested,
    announced,
    day_from: from,
    day_to: to,
  })
  const dissent = contestedFrom(position, claims)
  if (dissent >= day_to) return [standing(0, day_from, day_to)]
  if (dissent <= day_from) return [standing(1, day_from, day_to)]
  return [standing(0, day_from, dissent), standing(1, dissent, day_to)]
}

/** The standing on a day, if the agreement stood then. */
export function standingOn<One extends Pick<Standing, 'day_from' | 'day_to'>>(
  standings: readonly One[],
  day: string,
): One | undefined {
  return standings.find(({ day_from, day_to }) => day_from <= day && day < day_to)
}

/** A standing with what the agreement is listed under, so that counting reads nothing else. */
export type StoredStanding = Standing & { kind: AgreementKind; sector: string | null }

export const STANDING_COLUMNS = [
  'position_id',
  'status',
  'means',
  'status_since',
  'contested',
  'announced',
  'kind',
  'sector',
  'day_from',
  'day_to',
] as const satisfies (keyof StoredStanding)[]

/** Which of the standings known so far hold no longer, and which are new. */
export function standingChanges<Open extends StoredStanding>(
  open: readonly Open[],
  standings: readonly StoredStanding[],
): { ended: Open[]; added: StoredStanding[] } {
  // An agreement has a few at a time: comparing them one by one is quicker than making keys of them.
  return {
    ended: open.filter((one) => !standings.some((other) => isSame(one, other))),
    added: standings.filter((one) => !open.some((other) => isSame(one, other))),
  }
}

function isSame(one: StoredStanding, other: StoredStanding): boolean {
  return STANDING_COLUMNS.every((column) => one[column] === other[column])
}

/** Known from an instant on, up to (and without) another. */
export interface Known {
  known_from: string
  known_to: string
}

/** What was ever known of an agreement, as far as where it stands depends on it. */
export interface KnownHistory {
  positions: readonly (Position & Known)[]
  claims: readonly (DatedClaim & Known)[]
  listed: readonly ({ kind: AgreementKind; sector: string | null } & Known)[]
}

/** Every standing that an agreement ever had, by what was known when: for registers whose standings are made or checked at once. */
export function standingsOverTime({ positions, claims, listed }: KnownHistory): (StoredStanding & Known)[] {
  const instants = [...positions, ...claims, ...listed].flatMap(({ known_from, known_to }) => [known_from, known_to])
  const ordered = [...new Set(instants)].filter((instant) => instant !== LAST_INSTANT).sort()
  const all: (StoredStanding & Known)[] = []
  let open: (StoredStanding & Known)[] = []
  for (const instant of ordered) {
    const isKnown = ({ known_from, known_to }: Known) => known_from <= instant && instant < known_to
    const under = listed.find(isKnown)
    if (!under) continue
    const { kind, sector } = under
    const standings = standingsOf(inOrder(positions.filter(isKnown)), claims.filter(isKnown), instant.slice(0, 10))
    const { ended, added } = standingChanges(
      open,
      standings.map((standing) => ({ ...standing, kind, sector })),
    )
    for (const standing of ended) standing.known_to = instant
    const now = added.map((standing) => ({ ...standing, known_from: instant, known_to: LAST_INSTANT }))
    open = [...open.filter((standing) => !ended.includes(standing)), ...now]
    all.push(...now)
  }
  return all
}
