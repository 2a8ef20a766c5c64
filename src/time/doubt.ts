import { formatInstant } from './partial-date.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** How far the clock may go ahead of the time that has passed, or of the newest change: a machine that slept, servers that differ. */
const LONGEST_JUMP = DAY
/** So long nothing may have been recorded, or the program been on the machine, before a clock is asked about. */
const LONGEST_QUIET = 180 * DAY
/** So old a program may be when its first register is begun. */
const LONGEST_UNUSED = 5 * 365 * DAY

/** What the register knows of the time, in ISO 8601, UTC. */
export interface Known {
  /** When the newest change was recorded; null before the first. */
  newest: string | null
  /** What the clock said when somebody last said that it is right. */
  accepted: string | null
}

/** What the running program knows of the time, in milliseconds; instants since 1970. */
interface Watched {
  /** What the clock said when the program was started. */
  startedAt: number
  /** What has passed since then, by a clock that nobody can set. */
  passed: number
  /** When the program was put on this machine. */
  builtAt: number
}

/** Why a clock is not believed: it jumped while the program ran, or is long after everything that is known. */
export interface Doubt {
  why: 'jumped' | 'quiet'
  now: string
  /** The instant that it is ahead of. */
  since: string
}

/**
 * Whether a clock that may be ahead is believed; one that is behind does no harm, since no change is stamped before the newest. It is
 * where it is at most a day ahead of the newest change; else where it is at most a day ahead of what has passed since the start of the
 * program, if what it said then is within half a year of the newest change, of the program's own date or of what was accepted (of
 * an empty register, within five years of the program's date).
 */
export function doubtOf(now: number, { startedAt, passed, builtAt }: Watched, known: Known): Doubt | undefined {
  const newest = known.newest === null ? undefined : Date.parse(known.newest)
  const accepted = known.accepted === null ? undefined : upTo(now, Date.parse(known.accepted))
  // A change stamped ahead of the clock says nothing of the present.
  if (newest !== undefined && newest <= now && now <= newest + LONGEST_JUMP) return undefined
  const last = Math.max(newest ?? 0, accepted ?? 0, builtAt)
  const mostSince = newest === undefined ? LONGEST_UNUSED : LONGEST_QUIET
  // What was accepted since the start counts more than the start.
  const isStartBelieved = startedAt <= last + mostSince && (accepted === undefined || accepted <= startedAt)
  const [why, since, most] = isStartBelieved
    ? (['jumped', startedAt + passed, LONGEST_JUMP] as const)
    : (['quiet', last, mostSince] as const)
  if (now <= since + most) return undefined
  return { why, now: new Date(now).toISOString(), since: new Date(since).toISOString() }
}

function upTo(now: number, instant: number): number | undefined {
  return instant <= now ? instant : undefined
}

const REMEDY =
  'Nothing was recorded, since what is stamped with a wrong time stays so. If the clock is wrong, set it and send this again; if it is right, an admin says so on /admin, or “npm run clausula -- clock --accept” does'

/** What is said of a clock that is not believed, and what to do. */
export function explainDoubt({ why, now, since }: Doubt): string {
  const [said, then] = [formatInstant(now), formatInstant(since)]
  return why === 'jumped'
    ? `The machine’s clock says ${said}, but by the time that has passed since the program was started it should be ${then}. ${REMEDY}.`
    : `The machine’s clock says ${said}, and the newest thing that is known was recorded on ${then}. ${REMEDY}.`
}
