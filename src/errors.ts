/** What can go wrong, in the program's words; `src/web/error-page.ts` gives each its HTTP status. */
export type ErrorCode =
  | 'bad_request'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'gone'
  | 'too_large'
  | 'invalid'
  | 'too_many'
  | 'clock'
  | 'busy'

/** One message for each field that is wrong, keyed by the field's name; `''` is the form as a whole. */
export type FieldErrors = Record<string, string>

/**
 * The one error that the program throws on purpose. Its message is written for the reader and may be shown
 * to a stranger; anything else that is thrown is shown as "something went wrong" and logged.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly fields: FieldErrors
  /** Where the reader can go on from. */
  readonly next: { href: string; label: string } | null

  constructor(code: ErrorCode, message: string, fields: FieldErrors = {}, next: AppError['next'] = null) {
    super(message)
    this.name = 'AppError'
    this.code = code
    this.fields = fields
    this.next = next
  }
}

/** An `invalid` error about one field. */
export function invalidField(field: string, message: string): AppError {
  return new AppError('invalid', message, { [field]: message })
}

/** The error for parameters that cannot be answered; every list of the register uses it. */
export function badFilter(errors: FieldErrors): AppError {
  const sentences = Object.entries(errors).map(([name, message]) => `${name}: ${message}.`)
  return new AppError('bad_request', sentences.join(' '), errors)
}

/** Nobody waits for the answer any more: what was being worked out for it is left. */
export class Abandoned extends Error {
  override readonly name = 'Abandoned'

  constructor() {
    super('nobody waits for the answer any more')
  }
}

/** A fault in how the program was set up or called: one line for the operator, then a non-zero exit. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/** The answer to whoever comes second. */
export function conflict(present: number): AppError {
  return new AppError('conflict', `Somebody else changed this agreement meanwhile: it is at version ${present} now.`)
}
