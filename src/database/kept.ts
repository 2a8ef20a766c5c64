import type { Database } from './database.ts'

const MOST_KEPT = 500

/**
 * Keeps the answers to questions about the register for as long as it has not changed: counts, facets, pages.
 * Every write adds a change, so the number of the newest change tells exactly whether an answer still holds.
 */
export class Kept {
  readonly #db: Database
  readonly #answers = new Map<string, Promise<unknown>>()
  #revision = -1

  constructor(db: Database) {
    this.#db = db
  }

  /** The answer to `question`, worked out by `ask` unless it is already known at the present revision. */
  async answer<T>(question: string, ask: () => Promise<T>): Promise<T> {
    const revision = await this.#db.revision()
    if (revision !== this.#revision) {
      this.#answers.clear()
      this.#revision = revision
    }
    const known = this.#answers.get(question) as Promise<T> | undefined
    if (known) return known
    const [oldest] = this.#answers.size >= MOST_KEPT ? this.#answers.keys() : []
    if (oldest !== undefined) this.#answers.delete(oldest)
    const answer = ask()
    this.#answers.set(question, answer)
    answer.catch(() => this.#answers.delete(question))
    return answer
  }
}
