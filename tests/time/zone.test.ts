import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayIn, endOfDay, isZone } from '../../src/time/zone.ts'

describe('a time zone', () => {
  test.each(['UTC', 'Asia/Damascus', 'America/New_York', 'Pacific/Kiritimati'])('is %s', (zone) =>
    expect(isZone(zone)).toBe(true),
  )
  test.each(['', 'Syria', 'Asia/Tartus', '+03:00', '-05:00', 'UTC+3', '🕰'])('is not “%s”', (zone) =>
    expect(isZone(zone)).toBe(false),
  )
})

test.each([
  ['UTC', '2026-11-23T22:30:00Z', '2026-11-23'],
  ['Asia/Damascus', '2026-11-23T21:30:00Z', '2026-11-24'],
  ['America/New_York', '2026-11-24T04:59:00Z', '2026-11-23'],
  ['Pacific/Kiritimati', '2026-12-31T10:00:00Z', '2027-01-01'],
])('in %s it is at %s the day %s', (zone, at, day) => expect(dayIn(zone, new Date(at))).toBe(day))

test.each([
  ['UTC', '2026-11-23', '2026-11-23T23:59:59.999Z'],
  ['Asia/Damascus', '2026-11-23', '2026-11-23T20:59:59.999Z'],
  ['America/New_York', '2026-03-08', '2026-03-09T03:59:59.999Z'],
  ['America/New_York', '2026-11-01', '2026-11-02T04:59:59.999Z'],
  // Begins at 1 o'clock in the night in which summer time begins.
  ['Asia/Beirut', '2026-03-28', '2026-03-28T21:59:59.999Z'],
  // Was left out when Samoa went over to the other side of the date line.
  ['Pacific/Apia', '2011-12-30', '2011-12-30T09:59:59.999Z'],
])('in %s the day %s ends at %s', (zone, day, end) => expect(endOfDay(zone, day)).toBe(end))

test('behind the end of a day the next one begins', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('UTC', 'Asia/Damascus', 'America/New_York', 'Asia/Beirut', 'Pacific/Kiritimati', 'Pacific/Niue'),
      fc.date({ min: new Date('1990-01-01'), max: new Date('2100-12-31'), noInvalidDate: true }),
      (zone, at) => {
        const day = dayIn(zone, at)
        const end = Date.parse(endOfDay(zone, day))
        expect(end).toBeGreaterThanOrEqual(at.getTime())
        expect(dayIn(zone, new Date(end))).toBe(day)
        expect(dayIn(zone, new Date(end + 1)) > day).toBe(true)
      },
    ),
  )
})
