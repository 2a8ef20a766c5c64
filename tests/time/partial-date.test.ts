import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  comparePartialDates,
  firstDay,
  formatPartialDate,
  isPartialDate,
  lastDay,
  lowerBound,
  type PartialDate,
  partialDate,
} from '../../src/time/partial-date.ts'

const on = (text: string) => partialDate.parse(text)

const anyPartialDate = fc
  .tuple(
    fc.date({ min: new Date('1800-01-01'), max: new Date('2100-12-31'), noInvalidDate: true }),
    fc.constantFrom(4, 7, 10),
  )
  .map(([date, length]) => date.toISOString().slice(0, length) as PartialDate)

describe('a partial date', () => {
  test.each(['2019', '2019-01', '2019-12', '2019-01-24', '2020-02-29', '2000-02-29', '0001'])('%s is one', (text) => {
    expect(isPartialDate(text)).toBe(true)
    expect(partialDate.parse(text)).toBe(text)
  })

  test.each([
    '',
    '19',
    '02019',
    '2019-1',
    '2019-00',
    '2019-13',
    '2019-02-30',
    '2019-02-29',
    '1900-02-29',
    '2019-04-31',
    '2019-01-00',
    '2019-01-32',
    '2019-01-24T00:00',
    ' 2019',
    '2019\n',
    '0000',
    '２０１９',
    '2019-1-24',
  ])('“%s” is none, and the message says what is accepted', (text) => {
    expect(isPartialDate(text)).toBe(false)
    expect(partialDate.safeParse(text).error?.issues[0]?.message).toContain('2019, 2019-01 or 2019-01-24')
  })

  test('what is quoted of a long wrong text is short', () => {
    expect(partialDate.safeParse('9'.repeat(5000)).error?.issues[0]?.message.length).toBeLessThan(140)
    expect(partialDate.safeParse('9'.repeat(40)).error?.issues[0]?.message).toContain(`“${'9'.repeat(40)}”`)
  })

  test('something that is no text is refused with what is accepted', () => {
    expect(partialDate.safeParse(2019).error?.issues[0]?.message).toBe(
      'must be a year, month or day such as 2019, 2019-01 or 2019-01-24',
    )
  })

  test('counts from its first day to its last', () => {
    expect([firstDay(on('2019')), lastDay(on('2019'))]).toEqual(['2019-01-01', '2019-12-31'])
    expect([firstDay(on('2020-02')), lastDay(on('2020-02'))]).toEqual(['2020-02-01', '2020-02-29'])
    expect([firstDay(on('2019-01-24')), lastDay(on('2019-01-24'))]).toEqual(['2019-01-24', '2019-01-24'])
  })

  test('is shown exactly as precise as it is known', () => {
    expect(formatPartialDate('2019')).toBe('2019')
    expect(formatPartialDate('2019-01')).toBe('Jan 2019')
    expect(formatPartialDate('2019-12')).toBe('Dec 2019')
    expect(formatPartialDate('2019-01-04')).toBe('4 Jan 2019')
  })

  test('compares as its first day', () => {
    expect(comparePartialDates(on('2019'), on('2019-01-01'))).toBe(0)
    expect(comparePartialDates(on('2019-01'), on('2019'))).toBe(0)
    expect(comparePartialDates(on('2019'), on('2019-02'))).toBe(-1)
    expect(comparePartialDates(on('2020'), on('2019-12-31'))).toBe(1)
  })

  test('sorts as text in the order of its first day', () => {
    fc.assert(
      fc.property(anyPartialDate, anyPartialDate, (a, b) => {
        if (firstDay(a) < firstDay(b)) expect(a < b).toBe(true)
      }),
    )
  })

  test('a column is at or after its lower bound exactly when its first day is not before that of the date', () => {
    fc.assert(
      fc.property(anyPartialDate, anyPartialDate, (column, date) => {
        expect(column >= lowerBound(date)).toBe(firstDay(column) >= firstDay(date))
      }),
      {
        numRuns: 2000,
        examples: [
          ['2019', '2019-01-01'],
          ['2019-01', '2019-01-01'],
          ['2019', '2019-01-02'],
        ] as [PartialDate, PartialDate][],
      },
    )
  })
})
