import { uptime } from 'node:os'
import { type Doubt, doubtOf, type Known } from './doubt.ts'
import { dayIn, UTC } from './zone.ts'

/** Where the program learns the time; the only part of it that a test replaces. */
export interface MachineClock {
  now(): Date
  /** Milliseconds since the machine was started, those in which it slept included, whatever is done to its clock. */
  steady(): number
}

export const systemClock: MachineClock = { now: () => new Date(), steady: () => uptime() * 1000 }

/** The clock of a register. */
export interface Clock {
  now(): Date
  /** The IANA time zone whose day is "today". */
  readonly zone: string
  /** Why the present instant is not believed, by what the register knows; undefined where it is. */
  doubt(known: Known): Doubt | undefined
}

/** The machine's clock, watched from the start of the program on. */
export class WatchedClock implements Clock {
  readonly zone: string
  readonly #machine: MachineClock
  readonly #startedAt: number
  readonly #steadyAtStart: number
  readonly #builtAt: number

  /**
   * @param zone an IANA time zone
   * @param builtAt when the program was put on this machine, in milliseconds since 1970
   */
  constructor(machine: MachineClock, zone: string, builtAt: number) {
    this.zone = zone
    this.#machine = machine
    this.#startedAt = machine.now().getTime()
    this.#steadyAtStart = machine.steady()
    this.#builtAt = builtAt
  }

  now(): Date {
    return this.#machine.now()
  }

  doubt(known: Known): Doubt | undefined {
    const passed = this.#machine.steady() - this.#steadyAtStart
    const watched = { startedAt: this.#startedAt, passed, builtAt: this.#builtAt }
    return doubtOf(this.now().getTime(), watched, known)
  }
}

/** The latest day that it is anywhere: for what works on a database without the settings of a register. */
export function latestDay(machine: MachineClock): string {
  return dayIn(UTC, new Date(machine.now().getTime() + 14 * 3_600_000))
}

/** The present instant in ISO 8601, UTC, milliseconds: what every `recorded_at` holds. */
export function instant(clock: Pick<Clock, 'now'>): string {
  return clock.now().toISOString()
}

/** The present day in the register's time zone, `YYYY-MM-DD`. */
export function today(clock: Clock): string {
  return dayIn(clock.zone, clock.now())
}
