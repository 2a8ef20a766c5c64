import { type Status, STATUSES } from '../../words/status.ts'

/** By how much the number of agreements in a status changed on a day (`YYYY-MM-DD`). */
export interface StatusStep {
  day: string
  status: Status
  change: number
}

type Counts = Record<Status, number>

/** How many agreements stood in each status from an instant on. */
export type Level = { time: number } & Counts

const DAY = 86_400_000
/** The picture has room for so many steps; a longer history is drawn by the year. */
const MOST_MONTHS = 240
const MOST_ROWS = 24

/** The levels up to a day, one for each month or year in which something changed, and that of the day itself. */
export function levelsOf(steps: readonly StatusStep[], until: string): Level[] {
  const known = inOrder(steps, until)
  const months = new Set(known.map(({ day }) => day.slice(0, 7)))
  const startOf = (day: string) => (months.size > MOST_MONTHS ? `${day.slice(0, 4)}-01-01` : `${day.slice(0, 7)}-01`)
  const counts = none()
  const levels = new Map<string, Level>()
  for (const { day, status, change } of known) {
    counts[status] += change
    levels.set(startOf(day), { time: Date.parse(startOf(day)), ...shown(counts) })
  }
  if (levels.size === 0) return []
  const before = [...levels.values()]
  return [...before, { time: Math.max(Date.parse(until), (before.at(-1)?.time ?? 0) + DAY), ...shown(counts) }]
}

/**
 * The same as a table: how many stood in each status at the end of the years in which something changed, and on the last
 * day. Of a long history some years are left out, evenly from the last one back.
 */
export function statusTable(steps: readonly StatusStep[], until: string): { day: string; counts: Counts }[] {
  const counts = none()
  const rows = new Map<string, Counts>()
  for (const { day, status, change } of inOrder(steps, until)) {
    counts[status] += change
    const end = `${day.slice(0, 4)}-12-31`
    rows.set(end < until ? end : until, shown(counts))
  }
  if (rows.size === 0) return []
  rows.set(until, shown(counts))
  const every = Math.ceil((rows.size - 1) / (MOST_ROWS - 1))
  return [...rows]
    .filter((_, index) => (rows.size - 1 - index) % Math.max(1, every) === 0)
    .map(([day, counts]) => ({ day, counts }))
}

function inOrder(steps: readonly StatusStep[], until: string): StatusStep[] {
  return steps.filter(({ day }) => day <= until).sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
}

function none(): Counts {
  return { active: 0, under_review: 0, annulled: 0, reassigned: 0 }
}

/** A status that more agreements left than entered has none. */
function shown(counts: Counts): Counts {
  return Object.fromEntries(STATUSES.map((status) => [status, Math.max(0, counts[status])])) as Counts
}
