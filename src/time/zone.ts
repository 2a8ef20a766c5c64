/** The zone whose days are those that instants are written in. */
export const UTC = 'UTC'

const formats = new Map<string, Intl.DateTimeFormat>()

/** Whether a text names a time zone of the IANA database. */
export function isZone(text: string): boolean {
  try {
    // A fixed offset such as +03:00 is known to Intl too, but is no zone: where summer time begins it would be wrong.
    return !/^[+-]/.test(text) && formatOf(text) !== undefined
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** The day of an instant in a time zone, `YYYY-MM-DD`. */
export function dayIn(zone: string, at: Date): string {
  if (zone === UTC) return at.toISOString().slice(0, 10)
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {}
  for (const { type, value } of formatOf(zone).formatToParts(at)) parts[type] = value
  return `${parts.year?.padStart(4, '0')}-${parts.month}-${parts.day}`
}

/**
 * The last millisecond of a day in a time zone, in ISO 8601, UTC. It is looked for, since a day may begin behind midnight, be of
 * another length than 24 hours, or be left out.
 */
export function endOfDay(zone: string, day: string): string {
  const end = Date.parse(`${day}T23:59:59.999Z`)
  if (zone === UTC) return new Date(end).toISOString()
  // No zone is further from UTC than 14 hours, and none was further than a day.
  let [within, behind] = [end - 2 * DAY, end + DAY]
  while (behind - within > 1) {
    const middle = Math.floor((within + behind) / 2)
    if (dayIn(zone, new Date(middle)) <= day) within = middle
    else behind = middle
  }
  return new Date(within).toISOString()
}

const DAY = 86_400_000

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-u-ca-iso8601-nu-latn', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
    formats.set(zone, format)
  }
  return format
}
