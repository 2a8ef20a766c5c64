import * as fc from 'fast-check'
import { MEANS_OF, STATUSES } from '../../src/words/status.ts'
import { firstDay, type PartialDate } from '../../src/time/partial-date.ts'

export const UNTIL = '2026-11-23'

export const day = (text: string) => text as PartialDate

/** A day, a month or a year, mostly of these years. */
export const anyDate = fc
  .tuple(
    fc.oneof(
      fc.date({ min: new Date('2024-10-01'), max: new Date('2026-12-31'), noInvalidDate: true }),
      fc.date({ min: new Date('1750-01-01'), max: new Date('2030-12-31'), noInvalidDate: true }),
      fc.constant(new Date('2025-07-13')),
    ),
    fc.constantFrom(4, 7, 10),
  )
  .map(([date, length]) => day(date.toISOString().slice(0, length)))

/** Words in several scripts, with what must be escaped. */
export const anyName = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    `"><img src=x onerror='alert(1)'>&amp;`,
    'المتحدث باسم وزارة الإعلام في الحكومة السورية الانتقالية',
    'Официальный представитель Министерства иностранных дел, Мария Захарова',
    'ﷺ'.repeat(200),
    'Syrian government (as reported)',
  ),
)

export const anyInstant = anyDate.map((date) => `${firstDay(date)}T10:00:00.000Z`)

const anyPosition = fc.constantFrom(...STATUSES).chain((status) =>
  fc.record({
    status: fc.constant(status),
    means: fc.constantFrom(null, ...MEANS_OF[status]),
    effective_on: anyDate,
    recorded_at: anyInstant,
  }),
)

/** In the order in which they took effect. */
export const anyPositions = fc
  .array(anyPosition, { maxLength: 40 })
  .map((positions) => positions.toSorted((a, b) => (firstDay(a.effective_on) < firstDay(b.effective_on) ? -1 : 1)))
