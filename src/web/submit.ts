import type { z } from 'zod'
import { AppError } from '../errors.ts'
import { type Filled, parseForm, type Typed } from '../forms/typed.ts'
import type { Visit } from './visit.ts'

/** What follows when it is done: another page and what is said there, or what is shown once and never again. */
export type Done = { to: string; said?: string } | { show: () => void }

/** What becomes of a form that was sent. */
interface Submission<Data, Result> {
  /** The one thing that the form asks for. */
  work: (data: Data) => Promise<Result>
  /** Where to go on when it is done, and what is said there. */
  done: (result: Result, data: Data) => Done
  /** Shows the form again with everything typed: 422 when something is wrong in it, 409 when somebody else was first, 503 when the clock is in doubt. */
  again: (filled: Filled, status: 422 | 409 | 503) => Promise<void> | void
  /** What whoever comes second is asked to do with the form that is shown again. */
  advice?: string
  /** Shows whoever comes second something else than the form. */
  second?: () => Promise<void>
}

/**
 * Takes what was sent through a form: reads it, does what it asks for, and says so on the next page (303). This is the one place
 * that shows a form again, and that tells who was first.
 */
export async function submit<Data, Result>(
  visit: Visit,
  form: z.ZodType<Data>,
  { work, done, again, advice, second }: Submission<Data, Result>,
): Promise<void> {
  const { body } = visit
  const parsed = parseForm(form, body)
  if (!parsed.ok) return again({ typed: body, errors: parsed.errors }, 422)
  let result: Result
  try {
    result = await work(parsed.data)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code === 'invalid') return again({ typed: body, errors: error.fields }, 422)
    if (error.code === 'clock') return again({ typed: body, errors: { '': error.message } }, 503)
    if (error.code !== 'conflict') throw error
    if (second) return second()
    const message = advice === undefined ? error.message : `${error.message} ${advice}`
    return again({ typed: openedAnew(body), errors: { '': message } }, 409)
  }
  const next = done(result, parsed.data)
  if ('show' in next) return next.show()
  visit.redirect(next.to, next.said)
}

/** A form on top of what the others did: what it was opened with is told as `opened`, and it is sent with the present. */
function openedAnew(body: Typed): Typed {
  const { version, seen: _seen, ...kept } = body
  return version === undefined ? kept : { ...kept, opened: version }
}
