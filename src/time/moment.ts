import { firstDay, formatPartialDate, isPartialDate, PARTIAL_DATE_HINT, type PartialDate } from './partial-date.ts'
import { dayIn, endOfDay } from './zone.ts'
import { badFilter, type FieldErrors } from '../errors.ts'

/**
 * What a reader looks at: the register as of a day, as known at an instant. Both null is the register of now.
 * `as_of` and `known_at` are as they stand in an address; `day` (`YYYY-MM-DD`) and `instant` (ISO 8601, UTC,
 * milliseconds) are what they mean.
 */
export interface Moment {
  as_of: PartialDate | null
  known_at: string | null
  /** The day of effect that is looked at; null when the latest position in effect counts. */
  day: string | null
  /** What was recorded later is left out; null when all that is known counts. */
  instant: string | null
  /** The day of that instant in the register's time zone. */
  instant_day: string | null
}

export const NOW: Moment = { as_of: null, known_at: null, day: null, instant: null, instant_day: null }

/** Sorts before every day. */
export const FIRST_DAY = '0000-00-00'
/** End spans that have no end yet: they sort behind every day and every instant. */
export const LAST_DAY = '9999-99-99'
export const LAST_INSTANT = '9999-12-31T23:59:59.999Z'

/** The parameters of an address that say a moment. */
export const MOMENT_PARAMETERS = ['as_of', 'known_at'] as const

const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z|[+-]\d{2}:\d{2})$/
const KNOWN_AT_HINT = 'a day or an instant such as 2025-02-10 or 2025-02-10T12:00:00Z'

/**
 * Reads `as_of` (a partial date, which counts as its first day) and `known_at` (a day, which counts to its end in the register's time
 * zone, or an instant of RFC 3339). Empty values count as not given.
 * @param now the present instant
 * @param zone the register's time zone
 * @throws AppError `bad_request` naming what is wrong; nobody knows yet what will be known later.
 */
export function parseMoment(given: { as_of?: unknown; known_at?: unknown }, now: string, zone: string): Moment {
  const errors: FieldErrors = {}
  const as_of = readOnce(given.as_of, 'as_of', errors)
  if (as_of !== null && !isPartialDate(as_of))
    errors['as_of'] ??= `“${excerpt(as_of)}” is not a date: give ${PARTIAL_DATE_HINT}`
  const known_at = readOnce(given.known_at, 'known_at', errors)
  const instant = known_at === null ? null : readInstant(known_at, zone)
  if (instant === undefined) errors['known_at'] ??= `“${excerpt(known_at ?? '')}” is not a time: give ${KNOWN_AT_HINT}`
  else if (instant !== null && instant > endOfDay(zone, dayIn(zone, new Date(now))))
    errors['known_at'] =
      `“${excerpt(known_at ?? '')}” is in the future: nobody knows yet what will be known then. Give a time up to now`
  else if (instant !== null && instant > now && !isDay(known_at ?? ''))
    errors['known_at'] = `“${excerpt(known_at ?? '')}” is in the future: give a time up to now, ${now}`
  if (Object.keys(errors).length > 0) throw badFilter(errors)
  return {
    as_of: as_of as PartialDate | null,
    known_at,
    day: as_of === null ? null : firstDay(as_of as PartialDate),
    instant: instant ?? null,
    instant_day: instant === null || instant === undefined ? null : dayIn(zone, new Date(instant)),
  }
}

/** True when a reader looks at another register than that of now. */
export function isPast({ day, instant }: Moment): boolean {
  return day !== null || instant !== null
}

/** The day that a moment looks at: the one asked for, else the day of what was known, else today. */
export function dayOf({ day, instant_day }: Moment, today: string): string {
  return day ?? instant_day ?? today
}

/** An address with a moment behind its other parameters; what it says of a moment itself stays as it is. */
export function withMoment(href: string, moment: Moment): string {
  const [rest = '', fragment] = href.split('#')
  const [path, own = ''] = rest.split('?')
  const has = new URLSearchParams(own)
  const missing = new URLSearchParams()
  for (const name of MOMENT_PARAMETERS) {
    const value = moment[name]
    if (value !== null && !has.has(name)) missing.set(name, value)
  }
  const query = [own, missing.toString()].filter((part) => part !== '').join('&')
  return `${path}${query === '' ? '' : `?${query}`}${fragment === undefined ? '' : `#${fragment}`}`
}

/** `as of 1 Feb 2025, as known on 10 Feb 2025, 12:00 UTC`, each part where it was asked for. */
export function describeMoment({ as_of, day, known_at, instant }: Moment): {
  asOf: string | null
  knownAt: string | null
} {
  const precise = as_of !== null && day !== null && as_of !== day ? ` (its first day, ${formatPartialDate(day)})` : ''
  return {
    asOf: as_of === null ? null : `${formatPartialDate(as_of)}${precise}`,
    knownAt:
      known_at === null || instant === null
        ? null
        : isDay(known_at)
          ? `the end of ${formatPartialDate(known_at)}`
          : `${formatPartialDate(instant.slice(0, 10))}, ${instant.slice(11, 19)} UTC`,
  }
}

function readOnce(value: unknown, name: string, errors: FieldErrors): string | null {
  if (value === undefined || value === '') return null
  if (typeof value === 'string') return value.trim()
  errors[name] = Array.isArray(value) ? 'may be given once only' : 'must be text'
  return null
}

/** The instant that a text means, or undefined; a day means its last millisecond. */
function readInstant(text: string, zone: string): string | undefined {
  if (isDay(text)) return endOfDay(zone, text)
  const [, day = '', hours = '', minutes = '', seconds = '0', fraction = '0', offset = ''] = INSTANT.exec(text) ?? []
  if (!isDay(day) || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined
  const milliseconds = Date.parse(
    `${day}T${hours}:${minutes}:${seconds.padStart(2, '0')}.${fraction.padEnd(3, '0')}${offset}`,
  )
  const instant = Number.isNaN(milliseconds) ? '' : new Date(milliseconds).toISOString()
  // A zone may carry it out of the years that four digits write.
  return instant.startsWith('+') ? LAST_INSTANT : instant || undefined
}

function isDay(text: string): boolean {
  return text.length === 10 && isPartialDate(text)
}

function excerpt(text: string): string {
  return text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '·').slice(0, 40) + (text.length > 40 ? '…' : '')
}
