import { Abandoned } from '../errors.ts'
import type { Database } from './database.ts'

const MOST_REMEMBERED = 500

/**
 * Remembers the answers to questions about the register for as long as it has not changed: counts, facets, pages.
 * Every write adds a change, and a day that begins is noted, so the state of the database tells exactly whether an answer still holds.
 */
export class Answers {
  readonly #db: Database
  readonly #answers = new Map<string, Promise<unknown>>()

  constructor(db: Database) {
    this.#db = db
  }

  /** The answer to `question`, worked out by `ask` unless it is already known in the present state. */
  async remember<T>(question: string, ask: () => Promise<T>): Promise<T> {
    // Those of other states are never asked for again, and make room as others come. A replica may be a state behind.
    const asked = `${await this.#db.state()} ${question}`
    const known = this.#answers.get(asked) as Promise<T> | undefined
    // Whoever asked first may have gone meanwhile: others do not go without the answer for that.
    if (known)
      return known.catch((error: unknown) => {
        if (error instanceof Abandoned) return this.remember(question, ask)
        throw error
      })
    const [oldest] = this.#answers.size >= MOST_REMEMBERED ? this.#answers.keys() : []
    if (oldest !== undefined) this.#answers.delete(oldest)
    const answer = ask()
    this.#answers.set(asked, answer)
    answer.catch(() => {
      if (this.#answers.get(asked) === answer) this.#answers.delete(asked)
    })
    return answer
  }
}
