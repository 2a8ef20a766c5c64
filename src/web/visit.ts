import type { Request, RequestHandler, Response } from 'express'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { typed, type Typed } from '../forms/typed.ts'
import { today } from '../time/clock.ts'
import { type Moment, NOW } from '../time/moment.ts'
import type { Names } from '../words/person.ts'
import { flash } from './flash.ts'
import { besideMoment, takeMoment } from './moment.ts'
import type { PageProps, SendPage } from './page.ts'
import { Turns } from './turns.ts'

/** Answers a request. */
type Handler = (visit: Visit) => Promise<void> | void

/** Makes a route of a handler: `routes.get('/agreements', on(showList))`. */
export type On = (handler: Handler) => RequestHandler

/** What stands between the routes and their handlers: each request becomes a visit. */
export function visits(context: AppContext, sendPage: SendPage): On {
  const { exports, exportsWaiting, exportsWaitMs } = context.limits
  const turns = new Turns({ atOnce: exports, waiting: exportsWaiting, waitMs: exportsWaitMs })
  return (handler) => (req, res) => handler(new Visit(context, sendPage, turns, req, res))
}

/** Whoever is logged in. */
type User = NonNullable<Request['user']>

/** Somebody's request: what they look at, what they sent, who they are, and the ways to answer them. */
export class Visit {
  readonly context: AppContext
  /** As Express has it, for what needs its session or writes a file; everything else is below. */
  readonly request: Request
  readonly response: Response
  /** The turns that downloads take. */
  readonly exports: Turns
  readonly #sendPage: SendPage

  constructor(context: AppContext, sendPage: SendPage, exports: Turns, request: Request, response: Response) {
    this.context = context
    this.exports = exports
    this.request = request
    this.response = response
    this.#sendPage = sendPage
  }

  /**
   * The moment that a reader looks at. What is sent is written now.
   * @throws AppError `bad_request` for a moment that cannot be looked at.
   */
  get moment(): Moment {
    return this.#isSent ? NOW : takeMoment(this.request.query, this.context.clock).moment
  }

  /** The parameters of the address beside its moment; what is sent has none. */
  get query(): Record<string, unknown> {
    return this.#isSent ? {} : besideMoment(this.request.query)
  }

  get today(): string {
    return today(this.context.clock)
  }

  get path(): string {
    return this.request.path
  }

  /** A part of the address by its name: `reference` in `/agreements/:reference`. */
  part(name: string): string {
    return String(this.request.params[name])
  }

  /** A part of the address that is the number of something recorded; 0, which nothing has, where it is no number. */
  number(name: string): number {
    const text = this.part(name)
    return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : 0
  }

  /** The form that was sent, as it was typed. */
  get body(): Typed {
    return typed(this.request.body)
  }

  get user(): User | undefined {
    return this.request.user
  }

  /** The account that acts; only behind `requireRole`. */
  get actor(): User {
    if (!this.user) throw new AppError('unauthenticated', 'You are not logged in.')
    return this.user
  }

  /** Whether this reader sees who did what by name: those who are logged in do, others where the register says so. */
  get names(): Names {
    return this.user !== undefined || this.context.config.names === 'public' ? 'shown' : 'hidden'
  }

  /** The answer to a question, kept while the register is the same: one for those who see names, and one for those who do not. */
  async remember<T>(question: string, ask: () => Promise<T>): Promise<T> {
    return this.context.answers.remember(`names ${this.names} ${question}`, ask)
  }

  /** Answers with a page. */
  page<Props extends PageProps>(view: string, props: Props, status = 200): void {
    this.#sendPage(this.request, this.response, view, props, status)
  }

  /** Answers with the way to another page, which tells `said`. */
  redirect(path: string, said?: string): void {
    if (said !== undefined) flash(this.response, said, this.context)
    this.response.redirect(303, path)
  }

  get #isSent(): boolean {
    return this.request.method === 'POST'
  }
}
