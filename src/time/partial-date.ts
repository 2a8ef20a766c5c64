import { z } from 'zod'

/**
 * A day known as precisely as its source knows it: `2019`, `2019-01` or `2019-01-24`
 * (the calendar-date forms of ISO 8601). Never padded; for order and comparison it
 * counts as its first day, which is also how the three forms sort as text.
 */
export type PartialDate = string & { readonly partialDate: unique symbol }

const SHAPE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** What a form or an address may say where a partial date is asked for. */
export const PARTIAL_DATE_HINT = 'a year, month or day such as 2019, 2019-01 or 2019-01-24'

/** True for the three forms, provided that the month and the day exist. */
export function isPartialDate(text: string): text is PartialDate {
  const [, year, month, day] = SHAPE.exec(text) ?? []
  if (year === undefined || year === '0000') return false
  if (month === undefined) return true
  if (Number(month) < 1 || Number(month) > 12) return false
  return day === undefined || (Number(day) >= 1 && Number(day) <= daysInMonth(Number(year), Number(month)))
}

/** Zod schema: text in, PartialDate out; the message names what is accepted. */
export const partialDate = z
  .string({ error: `must be ${PARTIAL_DATE_HINT}` })
  .refine(isPartialDate, { error: (issue) => `“${shorten(issue.input)}” is not a date: give ${PARTIAL_DATE_HINT}` })

/** The first day it can mean, `YYYY-MM-DD`. */
export function firstDay(date: PartialDate): string {
  return (date + '-01-01').slice(0, 10)
}

/** The last day it can mean, `YYYY-MM-DD`. */
export function lastDay(date: PartialDate): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number?, number?]
  if (day !== undefined) return date
  const lastMonth = month ?? 12
  return `${date.slice(0, 4)}-${String(lastMonth).padStart(2, '0')}-${daysInMonth(year, lastMonth)}`
}

/**
 * The least text that is not before `date`, so that `column >= lowerBound(date)` compares partial
 * dates as their first days: `2019-01-01` must also let `2019` and `2019-01` through.
 */
export function lowerBound(date: PartialDate): string {
  return date.replace(/(-01)+$/, '')
}

/** Negative, zero or positive as `a` begins before, with or after `b`. */
export function comparePartialDates(a: PartialDate, b: PartialDate): number {
  return firstDay(a) < firstDay(b) ? -1 : firstDay(a) > firstDay(b) ? 1 : 0
}

/** As shown to a reader, exactly as precise as known: `2019`, `Jan 2019`, `24 Jan 2019`. */
export function formatPartialDate(date: string): string {
  const [year = '', month, day] = date.split('-')
  const monthName = MONTHS[Number(month) - 1]
  if (monthName === undefined) return year
  return day === undefined ? `${monthName} ${year}` : `${Number(day)} ${monthName} ${year}`
}

/** An instant in ISO 8601, UTC, as shown to a reader: `18 Nov 2056, 11:39 UTC`. */
export function formatInstant(iso: string): string {
  return `${formatPartialDate(iso.slice(0, 10))}, ${iso.slice(11, 16)} UTC`
}

function daysInMonth(year: number, month: number): number {
  const date = new Date(Date.UTC(2000, month, 0))
  date.setUTCFullYear(year, month, 0)
  return date.getUTCDate()
}

function shorten(input: unknown): string {
  const text = String(input)
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
