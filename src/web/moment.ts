import type { RequestHandler } from 'express'
import { type Clock, instant } from '../time/clock.ts'
import { badFilter } from '../errors.ts'
import { excerpt } from '../forms/query.ts'
import { isPast, type Moment, MOMENT_PARAMETERS, parseMoment, withMoment } from '../time/moment.ts'

/**
 * Parts the moment that a reader looks at from the rest of a query string.
 * @throws AppError `bad_request` for a moment that cannot be looked at.
 */
export function takeMoment(
  query: Record<string, unknown>,
  clock: Clock,
): { moment: Moment; query: Record<string, unknown> } {
  const { as_of, known_at } = query
  return { moment: parseMoment({ as_of, known_at }, instant(clock), clock.zone), query: besideMoment(query) }
}

/** A query string without the moment that it says; one that is left empty stays among the others, as an untouched form sends them. */
export function besideMoment(query: Record<string, unknown>): Record<string, unknown> {
  const names: readonly string[] = MOMENT_PARAMETERS
  return Object.fromEntries(Object.entries(query).filter(([name, value]) => value === '' || !names.includes(name)))
}

/**
 * The moment of a page that has no other parameter.
 * @throws AppError `bad_request` for a moment that cannot be looked at, or anything else in the query string.
 */
export function onlyMoment({ moment, query }: { moment: Moment; query: Record<string, unknown> }): Moment {
  const unknown = Object.entries(query).find(([, value]) => value !== '')?.[0]
  if (unknown !== undefined)
    throw badFilter(Object.fromEntries([[excerpt(unknown), 'is not a parameter of this page']]))
  return moment
}

/** Forms write to the register of now: they are not offered in the past. */
export const requireNow: RequestHandler = (req, _res, next) => {
  const asked = MOMENT_PARAMETERS.find((name) => req.query[name] !== undefined && req.query[name] !== '')
  next(
    asked === undefined
      ? undefined
      : badFilter({ [asked]: 'does not go with a form: what is written is written now. Leave it out' }),
  )
}

/** Addresses of a page that lead elsewhere, or back to now. */
const NOT_KEPT = /^\/(?:assets|login|logout|account|admin|setup)\b/
const LINK = / href="(\/[^"]*)"( data-now| data-known)?/g
const QUERY_FORM = /<form\b[^>]*\bmethod="get"[^>]*>/g

/**
 * A page whose links and searches keep the moment that it looks at. It works on the finished page, since a link that forgot the
 * moment would show another register without saying so; what is marked `data-now` leads back
 * to now, and what is marked `data-known` keeps what was known and has days of its own.
 */
export function carryMoment(html: string, moment: Moment): string {
  if (!isPast(moment)) return html
  return html
    .replace(LINK, (link, href: string, marked: string | undefined) => {
      if (marked === ' data-now' || NOT_KEPT.test(href)) return link
      const kept = marked === undefined ? moment : knownOf(moment)
      return ` href="${escapeAttribute(withMoment(href.replaceAll('&amp;', '&').replaceAll('&#34;', '"'), kept))}"${marked ?? ''}`
    })
    .replace(QUERY_FORM, (form) => {
      if (form.includes('data-now')) return form
      return form + hiddenFields(form.includes('data-known') ? knownOf(moment) : moment)
    })
}

/** Two days that are compared take the place of the day that is looked at: what was known then stays. */
function knownOf(moment: Moment): Moment {
  return { ...moment, as_of: null, day: null }
}

function hiddenFields(moment: Moment): string {
  return MOMENT_PARAMETERS.flatMap((name) =>
    moment[name] === null ? [] : `<input type="hidden" name="${name}" value="${escapeAttribute(moment[name])}">`,
  ).join('')
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&#34;').replaceAll('<', '&lt;')
}
