import type { RequestHandler } from 'express'
import { type Clock, instant } from '../dates/clock.ts'
import { badFilter } from '../errors.ts'
import { isPast, type Moment, MOMENT_PARAMETERS, parseMoment, withMoment } from '../standing/moment.ts'

/**
 * Parts the moment that a reader looks at from the rest of a query string.
 * @throws AppError `bad_request` for a moment that cannot be looked at.
 */
export function takeMoment(
  query: Record<string, unknown>,
  clock: Clock,
): { moment: Moment; query: Record<string, unknown> } {
  const { as_of, known_at, ...rest } = query
  return { moment: parseMoment({ as_of, known_at }, instant(clock)), query: rest }
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
const LINK = / href="(\/[^"]*)"( data-now)?/g
const QUERY_FORM = /<form\b[^>]*\bmethod="get"[^>]*>/g

/**
 * A page whose links and searches keep the moment that it looks at. It works on the finished page, since a link that forgot the
 * moment would show another register without saying so; what is marked `data-now` leads back to now.
 */
export function keepMoment(html: string, moment: Moment): string {
  if (!isPast(moment)) return html
  const hidden = MOMENT_PARAMETERS.flatMap((name) =>
    moment[name] === null ? [] : `<input type="hidden" name="${name}" value="${escapeAttribute(moment[name])}">`,
  ).join('')
  return html
    .replace(LINK, (link, href: string, now: string | undefined) =>
      now !== undefined || NOT_KEPT.test(href)
        ? link
        : ` href="${escapeAttribute(withMoment(href.replaceAll('&amp;', '&').replaceAll('&#34;', '"'), moment))}"`,
    )
    .replace(QUERY_FORM, (form) => (form.includes('data-now') ? form : `${form}${hidden}`))
}

function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&#34;').replaceAll('<', '&lt;')
}
