/** Where the program learns the time; the only part of it that a test replaces. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** The present instant in ISO 8601, UTC, milliseconds: what every `recorded_at` holds. */
export function instant(clock: Clock): string {
  return clock.now().toISOString()
}

/** The present day in UTC, `YYYY-MM-DD`. */
export function today(clock: Clock): string {
  return instant(clock).slice(0, 10)
}
